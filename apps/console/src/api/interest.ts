import type { LiveEvent } from '@reunite/contracts';
import type { LiveSignal } from './live-feed.js';

/** The live events after which a resource is read again. Ids apply to events that carry the same id. */
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

/** True if the resource must be read again. An event without an id may concern any object of its type. */
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
