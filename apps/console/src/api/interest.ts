import type { LiveEvent } from '@reunite/contracts';
import type { LiveSignal } from './live-feed.js';

/** Which live events make an answer old. Ids narrow it where the event carries the same id. */
export interface Interest {
  readonly types: readonly LiveEvent['type'][];
  readonly connectionId?: string;
  readonly repositoryId?: string;
  readonly projectId?: string;
  readonly deploymentId?: string;
  /** The commit whose statuses changed. */
  readonly commit?: string;
  /** Number of the pull request. */
  readonly pullRequest?: string;
}

function differs(wanted: string | undefined, given: string | undefined): boolean {
  return wanted !== undefined && given !== undefined && wanted !== given;
}

/** Whether to read again. An event without an id could be about anything of its type, so it counts. */
export function concerns(signal: LiveSignal, interest: Interest): boolean {
  if (signal === 'resync') return true;
  if (!interest.types.includes(signal.type)) return false;
  return !(
    differs(interest.connectionId, signal.connectionId) ||
    differs(interest.repositoryId, signal.repositoryId) ||
    differs(interest.projectId, signal.projectId) ||
    (signal.type === 'deployment' && differs(interest.deploymentId, signal.id)) ||
    (signal.type === 'commit-status' && differs(interest.commit, signal.id)) ||
    (signal.type === 'pull-request' && differs(interest.pullRequest, signal.id))
  );
}
