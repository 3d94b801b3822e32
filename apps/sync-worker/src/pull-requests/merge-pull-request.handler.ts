import { ConflictError } from '@reunite/contracts';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import {
  getPullRequest,
  getRepository,
  GhesError,
  listPullRequestCommits,
  mergePullRequest,
} from '@reunite/ghes-client';
import type { JobHandler, JobRun } from '@reunite/queueing';
import { mergeReadiness } from '@reunite/pull-requests';
import { refuseUnknown } from '../interactive/for-person.js';
import { isOfCommits, mergeText, squashText } from '@reunite/pull-requests';
import type { PullRequestAccess, PullRequestWrites } from './pull-request-access.js';
import { allowedMethods } from './read-pull-request.handler.js';
import { serverWords } from './server-words.rules.js';

type Payload = PayloadOf<typeof jobs.mergePullRequest>;
type Result = ResultOf<typeof jobs.mergePullRequest>;

/** Merges the head that was looked at, or nothing. Run again, it answers the merge of that head if it is there. */
export class MergePullRequestHandler implements JobHandler<typeof jobs.mergePullRequest> {
  constructor(private readonly writes: PullRequestWrites) {}

  handle(payload: Payload, { isRerun }: JobRun): Promise<Result> {
    return this.writes.act(
      { ...payload, isRerun },
      { contents: 'write', pull_requests: 'write' },
      async (access) => (isRerun ? await mergedBefore(access, payload) : null) ?? merge(access, payload),
      async (access) => (await mergedBefore(access, payload)) ?? refuseUnknown(),
    );
  }
}

async function merge(access: PullRequestAccess, payload: Payload): Promise<Result> {
  const { client, name, record } = access;
  const { number, method, headCommit: sha, title } = payload;
  try {
    const message = await messageOf(payload, access);
    const merged = await mergePullRequest(client, { ...name, number, sha, method, title, message });
    // It is merged, whatever goes wrong now: to say otherwise would have the person merge again. The webhook tells too.
    await getPullRequest(client, { ...name, number })
      .then(record)
      .catch(() => undefined);
    return { commit: merged.sha };
  } catch (error) {
    throw await refusal(error, payload, access);
  }
}

async function mergedBefore({ client, name, record }: PullRequestAccess, payload: Payload): Promise<Result | null> {
  const pull = await getPullRequest(client, { ...name, number: payload.number });
  await record(pull);
  const { merged, head, merge_commit_sha: commit = null } = pull;
  return merged && head.sha === payload.headCommit && commit !== null ? { commit } : null;
}

/** Where the app acts, the message names the person below what the server would have written. A rebase makes none. */
async function messageOf(
  payload: Payload,
  { client, name, as, signed }: PullRequestAccess,
): Promise<string | undefined> {
  const { message, method, number } = payload;
  if (method === 'rebase') return undefined;
  if (as.kind === 'user') return message;
  if (message !== undefined) return signed(message);
  const pullName = { ...name, number };
  const [settings, pull] = await Promise.all([getRepository(client, name), getPullRequest(client, pullName)]);
  if (method === 'merge') return signed(mergeText(settings, pull));
  const messages: string[] = [];
  if (isOfCommits(settings)) {
    for await (const { commit } of listPullRequestCommits(client, pullName)) messages.push(commit.message);
  }
  return signed(squashText(settings, pull, messages));
}

async function refusal(error: unknown, payload: Payload, access: PullRequestAccess): Promise<unknown> {
  if (!(error instanceof GhesError)) return error;
  const asConflict = (words: string) => new ConflictError(words, { cause: error });
  if (error.code === 'ghes-conflict') {
    const moved = `its branch has moved on from ${payload.headCommit.slice(0, 7)}`;
    return asConflict(`Nothing was merged: ${moved}. Look at what is new, then merge again.`);
  }
  if (error.code !== 'ghes-validation') return error;
  const { client, name } = access;
  const pullName = { ...name, number: payload.number };
  if (/not allowed/i.test(error.message)) {
    const methods = (await allowedMethods(client, pullName)).filter((method) => method !== payload.method);
    const allowed = methods.length > 0 ? ` It allows: ${methods.join(', ')}.` : '';
    return asConflict(`The repository does not allow the method "${payload.method}".${allowed}`);
  }
  const pull = await getPullRequest(client, pullName);
  await access.record(pull);
  const { state, merged, draft = false, base, mergeable = null, mergeable_state: mergeableState = 'unknown' } = pull;
  const nothing = {
    approvedBy: [],
    changesRequestedBy: [],
    requiredApprovals: null,
    unmetChecks: [],
    failingChecks: [],
    otherRequirements: [],
  };
  const facts = { ...nothing, draft, mergeable, mergeableState, baseBranch: base.ref };
  const readiness = mergeReadiness({ ...facts, state: merged ? 'merged' : state });
  const known = ['merged', 'closed', 'draft', 'conflict', 'behind'].includes(readiness.state);
  return asConflict(`Nothing was merged. ${known ? readiness.reason : `The server says: ${serverWords(error)}`}`);
}
