import type { LiveEvent } from '@reunite/contracts';

/** A change of one object, or of any object after an interruption of the stream. */
export type LiveSignal = LiveEvent | 'resync';

/** Ids that a response belongs to. An event with another id of the same kind does not change it. */
export interface Subject {
  readonly connectionId?: string;
  readonly repositoryId?: string;
  readonly projectId?: string;
  readonly deploymentId?: string;
  /** The commit whose statuses are part of the response. */
  readonly commit?: string;
  /** Number of the pull request. */
  readonly pullRequest?: string;
}

/** The responses that an event of each type can change. Responses that are in no row change by user actions only. */
const CHANGES = {
  connection: [
    'connections',
    'connection',
    'connection-health',
    'connection-profile',
    'connection-audit',
    'self-test',
    'account',
    'project',
  ],
  repository: ['connections', 'connection', 'repositories', 'repository-branches', 'project'],
  ref: ['projects', 'project', 'project-branches', 'repository-branches', 'content', 'paths'],
  'pull-request': ['pull-requests', 'pull-request'],
  project: ['projects', 'project', 'project-branches', 'content'],
  deployment: [
    'projects',
    'project',
    'deployments',
    'deployment',
    'deployment-log',
    'deployment-checks',
    'deployment-comparison',
    'pull-requests',
    'pull-request',
  ],
  'commit-status': ['pull-requests', 'pull-request'],
  delivery: ['deliveries', 'delivery-recovery', 'connection-health'],
} as const satisfies Record<LiveEvent['type'], readonly string[]>;

/** Kind of a response: the first element of its query key. */
export type ResourceKind =
  | (typeof CHANGES)[LiveEvent['type']][number]
  | 'session'
  | 'server-certificate'
  | 'activity'
  | 'local-users'
  | 'sign-in-address'
  | 'app-settings'
  | 'delivery-payload'
  | 'file-diff'
  | 'pull-request-files'
  | 'pull-request-file-content';

function differs(wanted: string | undefined, given: string | undefined): boolean {
  return wanted !== undefined && given !== undefined && wanted !== given;
}

/** True if the response must be read again. An event without an id may concern any object of its type. */
export function isChangedBy(signal: LiveSignal, kind: ResourceKind, subject: Subject): boolean {
  if (signal === 'resync') return true;
  const kinds: readonly ResourceKind[] = CHANGES[signal.type];
  if (!kinds.includes(kind)) return false;
  return !(
    differs(subject.connectionId, signal.connectionId) ||
    differs(subject.repositoryId, signal.repositoryId) ||
    differs(subject.projectId, signal.projectId) ||
    (signal.type === 'deployment' && differs(subject.deploymentId, signal.id)) ||
    (signal.type === 'commit-status' && differs(subject.commit, signal.id)) ||
    (signal.type === 'pull-request' && differs(subject.pullRequest, signal.id))
  );
}
