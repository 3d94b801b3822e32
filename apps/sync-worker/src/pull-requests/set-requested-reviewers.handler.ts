import { InvalidInputError } from '@reunite/contracts';
import type { jobs, PayloadOf, RequestedReviewers } from '@reunite/contracts';
import { getPullRequest, GhesError, removeRequestedReviewers, requestReviewers } from '@reunite/ghes-client';
import type { PullRequest } from '@reunite/ghes-client';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { ActorAccess } from '../connections/actor-access.js';
import type { InteractiveWrites } from '../interactive/interactive-writes.js';
import { serverMessage } from '../interactive/user-message.js';

type Payload = PayloadOf<typeof jobs.setRequestedReviewers>;

/** Requests and removes reviewers of a pull request. Safe to run twice: it changes only what differs. */
export class SetRequestedReviewersHandler implements JobHandler<typeof jobs.setRequestedReviewers> {
  constructor(private readonly writes: InteractiveWrites) {}

  handle(payload: Payload, { isRerun }: JobRun): Promise<RequestedReviewers> {
    return this.writes.run({ ...payload, isRerun }, { pull_requests: 'write' }, (access) => change(access, payload));
  }
}

async function change({ client, name }: ActorAccess, { number, users, teams }: Payload): Promise<RequestedReviewers> {
  const pull = { ...name, number };
  const before = requestedReviewersOf(await getPullRequest(client, pull));
  const added = { users: missingFrom(before.users, users), teams: missingFrom(before.teams, teams) };
  const removed = { users: missingFrom(users, before.users), teams: missingFrom(teams, before.teams) };
  let after = before;
  try {
    for (const [send, { users: reviewers, teams: teamReviewers }] of [
      [requestReviewers, added],
      [removeRequestedReviewers, removed],
    ] as const) {
      if (reviewers.length + teamReviewers.length === 0) continue;
      after = requestedReviewersOf(await send(client, { ...pull, reviewers, teamReviewers }));
    }
  } catch (error) {
    if (!(error instanceof GhesError) || error.code !== 'ghes-validation') throw error;
    throw new InvalidInputError(`The server rejects the reviewers: ${serverMessage(error)}`);
  }
  return after;
}

export function requestedReviewersOf(pull: PullRequest): RequestedReviewers {
  return {
    users: (pull.requested_reviewers ?? []).map(({ login }) => login),
    teams: (pull.requested_teams ?? []).map(({ slug }) => slug),
  };
}

/** The names that the list lacks. Servers compare logins and slugs without case. */
function missingFrom(list: readonly string[], names: readonly string[]): string[] {
  const present = new Set(list.map((name) => name.toLowerCase()));
  return names.filter((name) => !present.has(name.toLowerCase()));
}
