import { ConflictError, InvalidInputError } from '@reunite/contracts';
import type { jobs, NeededPermissions, PayloadOf } from '@reunite/contracts';
import { getPullRequest, GhesError, setPullRequestDraft, updatePullRequest } from '@reunite/ghes-client';
import type { PullRequestTracker } from '@reunite/pull-requests';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { ActorAccess } from '../connections/actor-access.js';
import type { InteractiveWrites } from '../interactive/interactive-writes.js';
import { serverMessage } from '../interactive/user-message.js';
import { attributed, mirrorAnswer } from './mirrored-changes.js';

type Payload = PayloadOf<typeof jobs.updatePullRequest>;

/** Changes the text, base, state or draft flag of a pull request. Safe to run twice: it sets values. */
export class UpdatePullRequestHandler implements JobHandler<typeof jobs.updatePullRequest> {
  constructor(
    private readonly writes: InteractiveWrites,
    private readonly tracker: PullRequestTracker,
  ) {}

  handle(payload: Payload, { isRerun }: JobRun): Promise<null> {
    return this.writes.run({ ...payload, isRerun }, neededFor(payload), async (access) => {
      try {
        await this.update(payload, access);
        if (payload.draft !== undefined) await this.setDraft(payload, payload.draft, access);
      } catch (error) {
        throw explainRejection(error, payload);
      }
      return null;
    });
  }

  private async update(payload: Payload, access: ActorAccess): Promise<void> {
    const { number, title, body, baseBranch: base, state, actor } = payload;
    if ([title, body, base, state].every((value) => value === undefined)) return;
    const text = body === undefined ? undefined : attributed(access, actor, body);
    const change = { ...access.name, number, title, body: text, base, state };
    await mirrorAnswer(this.tracker, access, await updatePullRequest(access.client, change));
  }

  private async setDraft({ number }: Payload, draft: boolean, access: ActorAccess): Promise<void> {
    const { client, name } = access;
    const pull = await getPullRequest(client, { ...name, number });
    if (pull.draft === draft) return;
    await setPullRequestDraft(client, { nodeId: pull.node_id, draft });
    await mirrorAnswer(this.tracker, access, await getPullRequest(client, { ...name, number }));
  }
}

/** Apps need `contents: write` to change the draft flag (https://github.com/cli/cli/discussions/6924). */
function neededFor({ draft }: Payload): NeededPermissions {
  return { pull_requests: 'write', contents: draft === undefined ? 'read' : 'write' };
}

function explainRejection(error: unknown, { baseBranch, state }: Payload): unknown {
  if (!(error instanceof GhesError)) return error;
  const reason = serverMessage(error);
  if (error.code === 'ghes-conflict') {
    return new ConflictError(`The server rejects the change: ${reason}`, { cause: error });
  }
  if (error.code !== 'ghes-validation') return error;
  if (/\bbase invalid\b/.test(error.message)) {
    return new InvalidInputError(`The server has no branch "${baseBranch}" to merge into.`);
  }
  if (state === 'open') {
    return new ConflictError(
      `The pull request cannot be reopened; its branch may be deleted. The server answers: ${reason}`,
      { cause: error },
    );
  }
  return new InvalidInputError(`The server rejects the change: ${reason}`);
}
