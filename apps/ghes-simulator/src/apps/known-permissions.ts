import type { PermissionLevel } from '../state/model.js';

const READ_WRITE: readonly PermissionLevel[] = ['read', 'write'];
const READ_ONLY: readonly PermissionLevel[] = ['read'];
const UP_TO_ADMIN: readonly PermissionLevel[] = ['read', 'write', 'admin'];

/** Permissions that an app can request, with their levels (schema "app-permissions" of the REST description). */
export const knownPermissions: ReadonlyMap<string, readonly PermissionLevel[]> = new Map([
  ...[
    ...['actions', 'administration', 'attestations', 'checks', 'codespaces', 'contents', 'dependabot_secrets'],
    ...['deployments', 'discussions', 'environments', 'issues', 'merge_queues', 'metadata', 'packages', 'pages'],
    ...['pull_requests', 'repository_custom_properties', 'repository_hooks', 'secret_scanning_alerts', 'secrets'],
    ...['security_events', 'single_file', 'statuses', 'vulnerability_alerts', 'workflows'],
    ...['members', 'organization_administration', 'organization_announcement_banners', 'organization_custom_roles'],
    ...['organization_hooks', 'organization_packages', 'organization_personal_access_tokens', 'organization_secrets'],
    ...['organization_personal_access_token_requests', 'organization_self_hosted_runners'],
    ...['organization_user_blocking', 'team_discussions'],
    ...[
      'email_addresses',
      'emails',
      'followers',
      'git_ssh_keys',
      'gpg_keys',
      'interaction_limits',
      'profile',
      'starring',
    ],
  ].map((name) => [name, READ_WRITE] as const),
  ...['organization_events', 'organization_plan'].map((name) => [name, READ_ONLY] as const),
  ...['organization_custom_properties', 'organization_projects', 'repository_projects'].map(
    (name) => [name, UP_TO_ADMIN] as const,
  ),
]);

/** Events an app can subscribe to, and the permission that the subscription requires. */
export const KNOWN_EVENTS: ReadonlyMap<string, string> = new Map([
  ['branch_protection_configuration', 'administration'],
  ['branch_protection_rule', 'administration'],
  ['check_run', 'checks'],
  ['check_suite', 'checks'],
  ['commit_comment', 'contents'],
  ['create', 'contents'],
  ['delete', 'contents'],
  ['deployment', 'deployments'],
  ['deployment_status', 'deployments'],
  ['fork', 'contents'],
  ['gollum', 'contents'],
  ['issue_comment', 'issues'],
  ['issues', 'issues'],
  ['label', 'metadata'],
  ['member', 'members'],
  ['membership', 'members'],
  ['merge_group', 'merge_queues'],
  ['milestone', 'issues'],
  ['organization', 'members'],
  ['public', 'metadata'],
  ['pull_request', 'pull_requests'],
  ['pull_request_review', 'pull_requests'],
  ['pull_request_review_comment', 'pull_requests'],
  ['pull_request_review_thread', 'pull_requests'],
  ['push', 'contents'],
  ['release', 'contents'],
  ['repository', 'metadata'],
  ['repository_dispatch', 'contents'],
  ['star', 'metadata'],
  ['status', 'statuses'],
  ['team', 'members'],
  ['team_add', 'members'],
  ['watch', 'metadata'],
  ['workflow_dispatch', 'actions'],
  ['workflow_job', 'actions'],
  ['workflow_run', 'actions'],
]);
