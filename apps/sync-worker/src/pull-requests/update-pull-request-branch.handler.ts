import { ConflictError } from '@reunite/contracts';
import type { jobs, PayloadOf } from '@reunite/contracts';
import { GhesError, updatePullRequestBranch } from '@reunite/ghes-client';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { InteractiveWrites } from '../interactive/interactive-writes.js';
import { serverMessage } from '../interactive/user-message.js';

/** The merged commits may change GitHub Actions workflows, which need a permission of their own. */
export const FOR_WORKFLOWS = { workflows: 'write' } as const;

type Payload = PayloadOf<typeof jobs.updatePullRequestBranch>;

/**
 * Makes the server merge the base into the head that the caller reviewed. A push event follows when it is done. Safe to
 * run twice: the server rejects a second run, because the head has moved.
 */
export class UpdatePullRequestBranchHandler implements JobHandler<typeof jobs.updatePullRequestBranch> {
  constructor(private readonly writes: InteractiveWrites) {}

  handle(payload: Payload, { isRerun }: JobRun): Promise<null> {
    const { number, headCommit: sha } = payload;
    const needed = { contents: 'write', pull_requests: 'write' } as const;
    return this.writes.run({ ...payload, isRerun, optional: FOR_WORKFLOWS }, needed, async ({ client, name }) => {
      try {
        await updatePullRequestBranch(client, { ...name, number, sha });
      } catch (error) {
        throw explainRejection(error, sha);
      }
      return null;
    });
  }
}

function explainRejection(error: unknown, sha: string): unknown {
  if (!(error instanceof GhesError)) return error;
  if (error.code === 'ghes-conflict') {
    const message = `Nothing was changed: the branch has moved on from ${sha.slice(0, 7)}.`;
    return new ConflictError(`${message} Review the new commits, then update it again.`, { cause: error });
  }
  if (error.code !== 'ghes-validation') return error;
  const reason = /merge conflict/i.test(error.message)
    ? 'the base conflicts with the branch. Resolve the conflict in the branch.'
    : serverMessage(error);
  return new ConflictError(`The branch was not updated: ${reason}`, { cause: error });
}
