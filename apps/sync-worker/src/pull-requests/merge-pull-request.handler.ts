import { ConflictError } from '@reunite/contracts';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import {
  getMergeCommit,
  getPullRequest,
  getRepository,
  GhesError,
  listPullRequestCommits,
  mergePullRequest,
} from '@reunite/ghes-client';
import type { PullRequestDetail } from '@reunite/ghes-client';
import { mergeBody, mergeReadiness, needsCommitMessages, readMergeMethods, squashBody } from '@reunite/pull-requests';
import type { PullRequestTracker } from '@reunite/pull-requests';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { ActorAccess } from '../connections/actor-access.js';
import { failAsUnknown } from '../interactive/interactive-request.js';
import type { InteractiveWrites } from '../interactive/interactive-writes.js';
import { serverMessage } from '../interactive/user-message.js';
import { attributed, mirrorAnswer } from './mirrored-changes.js';
import { FOR_WORKFLOWS } from './update-pull-request-branch.handler.js';

type Payload = PayloadOf<typeof jobs.mergePullRequest>;
type Result = ResultOf<typeof jobs.mergePullRequest>;

/** Merges a pull request at the head that the caller reviewed. Safe to run twice: a rerun answers the merge of that head. */
export class MergePullRequestHandler implements JobHandler<typeof jobs.mergePullRequest> {
  constructor(
    private readonly writes: InteractiveWrites,
    private readonly tracker: PullRequestTracker,
  ) {}

  handle(payload: Payload, { isRerun }: JobRun): Promise<Result> {
    return this.writes.run(
      { ...payload, isRerun, optional: FOR_WORKFLOWS },
      { contents: 'write', pull_requests: 'write' },
      async (access) => (isRerun ? await this.mergedBefore(access, payload) : null) ?? this.merge(access, payload),
      async (access) => (await this.mergedBefore(access, payload)) ?? failAsUnknown(),
    );
  }

  private async merge(access: ActorAccess, payload: Payload): Promise<Result> {
    const { client, name } = access;
    const { number, method, headCommit: sha, title } = payload;
    try {
      const message = await messageOf(payload, access);
      const merged = await mergePullRequest(client, { ...name, number, sha, method, title, message });
      // Never fails: it is merged, and an error would make the caller merge again. The webhook mirrors it too.
      await this.refetch(access, number).catch(() => undefined);
      return { commit: merged.sha };
    } catch (error) {
      throw await this.explainRejection(error, payload, access);
    }
  }

  private async mergedBefore(access: ActorAccess, { number, headCommit }: Payload): Promise<Result | null> {
    const { merged, head, node_id: nodeId } = await this.refetch(access, number);
    if (!merged || head.sha !== headCommit) return null;
    const commit = await getMergeCommit(access.client, { nodeId });
    return commit === null ? null : { commit };
  }

  private async refetch(access: ActorAccess, number: number): Promise<PullRequestDetail> {
    const pull = await getPullRequest(access.client, { ...access.name, number });
    await mirrorAnswer(this.tracker, access, pull);
    return pull;
  }

  private async explainRejection(error: unknown, payload: Payload, access: ActorAccess): Promise<unknown> {
    if (!(error instanceof GhesError)) return error;
    const { number, headCommit, method } = payload;
    if (error.code === 'ghes-conflict') {
      const reason = `its branch has moved on from ${headCommit.slice(0, 7)}`;
      return new ConflictError(`Nothing was merged: ${reason}. Review the new commits, then merge again.`, {
        cause: error,
      });
    }
    if (error.code !== 'ghes-validation') return error;
    if (/not allowed/i.test(error.message)) {
      const methods = (await readMergeMethods(access.client, access.name)).filter((one) => one !== method);
      const allowed = methods.length > 0 ? ` It allows: ${methods.join(', ')}.` : '';
      return new ConflictError(`The repository does not allow the method "${method}".${allowed}`, { cause: error });
    }
    const reason = obstacleOf(await this.refetch(access, number)) ?? `The server answers: ${serverMessage(error)}`;
    return new ConflictError(`Nothing was merged. ${reason}`, { cause: error });
  }
}

/** Returns the message to send, or undefined for the server's own. If the app acts, the message names the actor. */
async function messageOf(payload: Payload, access: ActorAccess): Promise<string | undefined> {
  const { message, method, number, actor } = payload;
  const { client, name, identity } = access;
  if (method === 'rebase') return undefined;
  if (identity.kind === 'user') return message;
  if (message !== undefined) return attributed(access, actor, message);
  const pullName = { ...name, number };
  const [settings, pull] = await Promise.all([getRepository(client, name), getPullRequest(client, pullName)]);
  if (method === 'merge') return attributed(access, actor, mergeBody(settings, pull));
  const messages: string[] = [];
  if (needsCommitMessages(settings)) {
    for await (const { commit } of listPullRequestCommits(client, pullName)) messages.push(commit.message);
  }
  return attributed(access, actor, squashBody(settings, pull, messages));
}

const EXPLAINED_STATES = ['merged', 'closed', 'draft', 'conflict', 'behind'];

/** Returns why a pull request cannot be merged if that follows from the pull request alone, otherwise null. */
function obstacleOf(pull: PullRequestDetail): string | null {
  const { state, merged, draft = false, base, mergeable = null, mergeable_state: mergeableState = 'unknown' } = pull;
  const readiness = mergeReadiness({
    state: merged ? 'merged' : state,
    draft,
    mergeable,
    mergeableState,
    baseBranch: base.ref,
    approvedBy: [],
    changesRequestedBy: [],
    requiredApprovals: null,
    unmetChecks: [],
    failingChecks: [],
    otherRequirements: [],
  });
  return EXPLAINED_STATES.includes(readiness.state) ? readiness.reason : null;
}
