import { ConflictError, InvalidInputError } from '@reunite/contracts';
import type { jobs, PayloadOf } from '@reunite/contracts';
import { getPullRequest, GhesError, setPullRequestDraft, updatePullRequest } from '@reunite/ghes-client';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { NeededPermissions } from '@reunite/contracts';
import type { PullRequestAccess, PullRequestWrites } from './pull-request-access.js';
import { serverWords } from './server-words.rules.js';

type Payload = PayloadOf<typeof jobs.updatePullRequest>;

/** Changes what a pull request says, its base, whether it is open, and whether it is a draft. Twice is as once. */
export class UpdatePullRequestHandler implements JobHandler<typeof jobs.updatePullRequest> {
  constructor(private readonly writes: PullRequestWrites) {}

  handle(payload: Payload, { isRerun }: JobRun): Promise<null> {
    return this.writes.act({ ...payload, isRerun }, neededFor(payload), async (access) => {
      try {
        await change(payload, access);
        if (payload.draft !== undefined) await setDraft(payload, payload.draft, access);
      } catch (error) {
        throw refusal(error, payload);
      }
      return null;
    });
  }
}

/** A draft takes writing contents too, of an app (https://github.com/cli/cli/discussions/6924). */
function neededFor({ draft }: Payload): NeededPermissions {
  return { pull_requests: 'write', contents: draft === undefined ? 'read' : 'write' };
}

async function change(payload: Payload, { client, name, record, signed }: PullRequestAccess): Promise<void> {
  const { number, title, body, baseBranch: base, state } = payload;
  if ([title, body, base, state].every((value) => value === undefined)) return;
  const text = body === undefined ? undefined : signed(body);
  await record(await updatePullRequest(client, { ...name, number, title, body: text, base, state }));
}

async function setDraft({ number }: Payload, draft: boolean, access: PullRequestAccess): Promise<void> {
  const { client, name, record } = access;
  const pull = await getPullRequest(client, { ...name, number });
  if (pull.draft === draft) return;
  await setPullRequestDraft(client, { nodeId: pull.node_id, draft });
  await record(await getPullRequest(client, { ...name, number }));
}

function refusal(error: unknown, { baseBranch, state }: Payload): unknown {
  if (!(error instanceof GhesError)) return error;
  if (error.code === 'ghes-conflict') {
    return new ConflictError(`The server refuses the change: ${serverWords(error)}`, { cause: error });
  }
  if (error.code !== 'ghes-validation') return error;
  if (/\bbase invalid\b/.test(error.message)) {
    return new InvalidInputError(`The server has no branch "${baseBranch}" to merge into.`);
  }
  const why = serverWords(error);
  if (state === 'open') {
    return new ConflictError(`It cannot be reopened; its branch may be gone. The server says: ${why}`, {
      cause: error,
    });
  }
  return new InvalidInputError(`The server refuses the change: ${why}`);
}
