import type { PullRequestDetail } from '@reunite/ghes-client';
import { describePullRequest, withAttribution } from '@reunite/pull-requests';
import type { PullRequestTracker } from '@reunite/pull-requests';
import type { Actor } from '@reunite/contracts';
import type { ActorAccess } from '../connections/actor-access.js';

/** Tracks the server's answer to a change of our own, so that its webhook changes nothing afterwards. */
export async function mirrorAnswer(
  tracker: PullRequestTracker,
  { connection, repository }: ActorAccess,
  pull: PullRequestDetail,
): Promise<void> {
  await tracker.track(connection, describePullRequest(repository, pull));
}

/** Returns the actor's text; if the app acts, with a line that names the actor. */
export function attributed({ identity }: ActorAccess, actor: Actor, text: string): string {
  return identity.kind === 'app' ? withAttribution(text, actor.name) : text;
}
