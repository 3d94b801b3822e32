import type { ApiPath, ApiResponse } from '@reunite/api-client';

/** One address of the API: its path in the OpenAPI document, with the values of its parameters. */
export interface Address<Path extends ApiPath> {
  readonly path: Path;
  readonly params: Readonly<Record<string, string | number>>;
  readonly query: Query;
}

type Query = Readonly<Record<string, QueryValue>>;
type QueryValue = string | number | boolean | undefined;

export type Session = ApiResponse<'/v1/session', 'get'>;

type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Readonly<Record<Name, string | number>> & ParamsOf<Rest>
  : unknown;

function at<Path extends ApiPath>(
  path: Path,
  params: ParamsOf<Path> & Address<Path>['params'],
  query: Query = {},
): Address<Path> {
  return { path, params, query };
}

/** The address with those parameters that have a value. */
export function withQuery<Path extends ApiPath>(address: Address<Path>, query: Query): Address<Path> {
  return { ...address, query: { ...address.query, ...query } };
}

/** A text that identifies the address in the cache. */
export function keyOf({ path, params, query }: Address<ApiPath>): string {
  const values = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(values.map(([name, value]) => [name, String(value)]));
  return search.size === 0 ? filled : `${filled}?${search.toString()}`;
}

export const paths = {
  session: at('/v1/session', {}),
  signInAddress: at('/auth/sign-in', {}),
  signOut: at('/auth/sign-out', {}),

  connections: at('/v1/connections', {}),
  createConnection: at('/v1/connections', {}),
  connection: (id: string) => at('/v1/connections/{id}', { id }),
  deleteConnection: (id: string, name: string) => withQuery(at('/v1/connections/{id}', { id }), { name }),
  takeOver: (id: string) => at('/v1/connections/{id}/take-over', { id }),
  manifest: (id: string) => at('/v1/connections/{id}/manifest', { id }),
  connectionProfile: (id: string) => at('/v1/connections/{id}/profile', { id }),
  serverCertificates: at('/v1/server-certificates', {}),
  selfTest: (id: string) => at('/v1/connections/{id}/self-test', { id }),
  connectionHealth: (id: string) => at('/v1/connections/{id}/health', { id }),
  connectionAudit: (id: string) => at('/v1/connections/{id}/audit', { id }),
  repairWebhook: (id: string) => at('/v1/connections/{id}/webhook/repair', { id }),
  appSettings: at('/v1/app-settings', {}),
  addExistingApp: at('/v1/connections/existing', {}),
  privateKey: (id: string) => at('/v1/connections/{id}/private-key', { id }),
  clientSecret: (id: string) => at('/v1/connections/{id}/client-secret', { id }),
  webhookSecret: (id: string) => at('/v1/connections/{id}/webhook-secret', { id }),
  account: (id: string) => at('/v1/connections/{id}/account', { id }),
  confirmAccount: (id: string) => at('/v1/connections/{id}/account/confirmation', { id }),
  endSignIn: (id: string) => at('/v1/connections/{id}/account', { id }),
  signIn: (id: string) => at('/v1/connections/{id}/sign-in', { id }),
  refreshConnection: (id: string) => at('/v1/connections/{id}/refresh', { id }),
  repositories: (id: string, query: { owner: string; search: string; limit: number }) =>
    withQuery(at('/v1/connections/{id}/repositories', { id }), query),
  deliveries: (id: string, filter: Readonly<Record<string, string>> = {}) =>
    withQuery(at('/v1/connections/{id}/deliveries', { id }), filter),
  deliveryPayload: (id: string, delivery: string) =>
    at('/v1/connections/{id}/deliveries/{deliveryId}/payload', { id, deliveryId: delivery }),
  redeliver: (id: string, delivery: string) =>
    at('/v1/connections/{id}/deliveries/{deliveryId}/redeliver', { id, deliveryId: delivery }),
  deliveryRecovery: (id: string) => at('/v1/connections/{id}/delivery-recovery', { id }),
  repositoryBranches: (id: string) => at('/v1/repositories/{id}/branches', { id }),

  activity: at('/v1/activity', {}),

  projects: at('/v1/projects', {}),
  createProject: at('/v1/projects', {}),
  project: (id: string) => at('/v1/projects/{id}', { id }),
  deleteProject: (id: string) => at('/v1/projects/{id}', { id }),
  syncProject: (id: string) => at('/v1/projects/{id}/sync', { id }),
  content: (id: string, query: { branch: string; path: string }) =>
    withQuery(at('/v1/projects/{id}/content', { id }), query),
  fileVersions: (id: string, query: { branch: string; path: string }) =>
    withQuery(at('/v1/projects/{id}/content/versions', { id }), query),
  fileDiff: (id: string, query: { branch: string; path: string; to: string }) =>
    withQuery(at('/v1/projects/{id}/diff/file', { id }), query),
  archive: (id: string, query: { branch: string }) => withQuery(at('/v1/projects/{id}/archive', { id }), query),
  serverBranches: (id: string, query: { search: string }) =>
    withQuery(at('/v1/projects/{id}/server-branches', { id }), query),
  projectBranches: (id: string) => at('/v1/projects/{id}/branches', { id }),
  createUpload: (id: string) => at('/v1/projects/{id}/uploads', { id }),
  createCommit: (id: string) => at('/v1/projects/{id}/commits', { id }),
  createBranch: (id: string) => at('/v1/projects/{id}/branches', { id }),
  deleteBranch: (id: string, name: string, closePullRequests: boolean) =>
    withQuery(at('/v1/projects/{id}/branches', { id }), { name, closePullRequests: String(closePullRequests) }),
  syncBranch: (id: string) => at('/v1/projects/{id}/branches/sync', { id }),
  deployments: (id: string, filter: Readonly<Record<string, string>>) =>
    withQuery(at('/v1/projects/{id}/deployments', { id }), filter),
  pullRequests: (id: string, filter: Readonly<Record<string, string>>) =>
    withQuery(at('/v1/projects/{id}/pull-requests', { id }), filter),
  createPullRequest: (id: string) => at('/v1/projects/{id}/pull-requests', { id }),
  pullRequest: (id: string, number: string) => at('/v1/projects/{id}/pull-requests/{number}', { id, number }),
  updatePullRequest: (id: string, number: number) => at('/v1/projects/{id}/pull-requests/{number}', { id, number }),
  pullRequestFiles: (id: string, number: number) =>
    at('/v1/projects/{id}/pull-requests/{number}/files', { id, number }, { limit: 100 }),
  pullRequestFileContent: (id: string, number: number, query: { path: string; previousPath: string | undefined }) =>
    withQuery(at('/v1/projects/{id}/pull-requests/{number}/files/content', { id, number }), query),
  mergePullRequest: (id: string, number: number) =>
    at('/v1/projects/{id}/pull-requests/{number}/merge', { id, number }),
  pullRequestComments: (id: string, number: number) =>
    at('/v1/projects/{id}/pull-requests/{number}/comments', { id, number }),
  requestedReviewers: (id: string, number: number) =>
    at('/v1/projects/{id}/pull-requests/{number}/requested-reviewers', { id, number }),
  updatePullRequestBranch: (id: string, number: number) =>
    at('/v1/projects/{id}/pull-requests/{number}/update-branch', { id, number }),

  deployment: (id: string) => at('/v1/deployments/{id}', { id }),
  redeploy: (id: string) => at('/v1/deployments/{id}/redeploy', { id }),
  promote: (id: string) => at('/v1/deployments/{id}/promote', { id }),
  cancelDeployment: (id: string) => at('/v1/deployments/{id}/cancel', { id }),
  deploymentComparison: (id: string) => at('/v1/deployments/{id}/comparison', { id }),
  deploymentChecks: (id: string) => at('/v1/deployments/{id}/checks', { id }),
  deploymentLog: (id: string) => at('/v1/deployments/{id}/log', { id }),
};
