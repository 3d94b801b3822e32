import { ConflictError } from '@reunite/contracts';
import type { jobs, PayloadOf } from '@reunite/contracts';
import { GhesError, updatePullRequestBranch } from '@reunite/ghes-client';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { PullRequestWrites } from './pull-request-access.js';
import { serverWords } from './server-words.rules.js';

type Payload = PayloadOf<typeof jobs.updatePullRequestBranch>;

/**
 * Has the server merge the base into the head that was looked at; its push tells when that is done. Run again, the server
 * refuses: the head has moved.
 */
export class UpdatePullRequestBranchHandler implements JobHandler<typeof jobs.updatePullRequestBranch> {
  constructor(private readonly writes: PullRequestWrites) {}

  handle(payload: Payload, { isRerun }: JobRun): Promise<null> {
    const { number, headCommit: sha } = payload;
    return this.writes.act(
      { ...payload, isRerun },
      { contents: 'write', pull_requests: 'write' },
      async ({ client, name }) => {
        try {
          await updatePullRequestBranch(client, { ...name, number, sha });
        } catch (error) {
          throw refusal(error, sha);
        }
        return null;
      },
    );
  }
}

function refusal(error: unknown, sha: string): unknown {
  if (!(error instanceof GhesError)) return error;
  if (error.code === 'ghes-conflict') {
    const moved = `Nothing was changed: the branch has moved on from ${sha.slice(0, 7)}.`;
    return new ConflictError(`${moved} Look at what is new, then update it again.`, { cause: error });
  }
  if (error.code !== 'ghes-validation') return error;
  const why = /merge conflict/i.test(error.message)
    ? 'the base conflicts with the branch. Settle the conflict in the branch.'
    : serverWords(error);
  return new ConflictError(`The branch was not updated: ${why}`, { cause: error });
}
