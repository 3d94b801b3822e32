import { ConflictError, InvalidInputError } from '@reunite/contracts';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { createPullRequest, getPullRequest, GhesError, listPullRequests } from '@reunite/ghes-client';
import type { PullRequest, PullRequestDetail } from '@reunite/ghes-client';
import type { JobHandler, JobRun } from '@reunite/queueing';
import { refuseUnknown } from '../interactive/for-person.js';
import type { PullRequestAccess, PullRequestWrites } from './pull-request-access.js';
import { serverWords } from './server-words.rules.js';

type Payload = PayloadOf<typeof jobs.createPullRequest>;
type Result = ResultOf<typeof jobs.createPullRequest>;

/**
 * Opens a pull request. Run again, or asked again because an answer got lost, it answers the one that is open already, if it
 * is the one that was asked for: the server opens no second one for the same branches.
 */
export class CreatePullRequestHandler implements JobHandler<typeof jobs.createPullRequest> {
  constructor(private readonly writes: PullRequestWrites) {}

  handle(payload: Payload, { isRerun }: JobRun): Promise<Result> {
    const needed = { pull_requests: 'write', contents: 'read' } as const;
    return this.writes.act(
      { ...payload, isRerun },
      needed,
      (access) => open(payload, access),
      async (access) => (await openedBefore(payload, access)) ?? refuseUnknown(),
    );
  }
}

async function open(payload: Payload, access: PullRequestAccess): Promise<Result> {
  const { title, headBranch: head, baseBranch: base, draft } = payload;
  const opening = { ...access.name, title, head, base, draft, body: access.signed(payload.body) };
  try {
    return await opened(await createPullRequest(access.client, opening), access);
  } catch (error) {
    const before =
      error instanceof GhesError && error.code === 'ghes-conflict' && (await openedBefore(payload, access));
    if (before) return before;
    throw await refusal(error, payload, access);
  }
}

/** It is open, whatever goes wrong now: to say otherwise would have the person open it again. The webhook tells too. */
async function opened(pull: PullRequestDetail, { record }: PullRequestAccess): Promise<Result> {
  await record(pull).catch(() => undefined);
  return { number: pull.number };
}

/** The very pull request that was asked for, where it is open already. */
async function openedBefore(payload: Payload, access: PullRequestAccess): Promise<Result | null> {
  const listed = await openOne(payload, access);
  if (!listed) return null;
  const pull = await getPullRequest(access.client, { ...access.name, number: listed.number });
  const isSame =
    pull.title === payload.title &&
    plainText(pull.body) === plainText(access.signed(payload.body)) &&
    (pull.draft ?? false) === payload.draft;
  return isSame ? opened(pull, access) : null;
}

/** The open pull request between two branches: there is at most one. */
async function openOne(
  { headBranch, baseBranch: base }: Payload,
  { client, name }: PullRequestAccess,
): Promise<PullRequest | null> {
  const filter = { state: 'open', head: `${name.owner}:${headBranch}`, base } as const;
  for await (const pull of listPullRequests(client, { ...name, ...filter })) return pull;
  return null;
}

/** A server may keep other ends of lines than it was given. */
function plainText(text: string | null | undefined): string {
  return (text ?? '').replaceAll('\r\n', '\n').trim();
}

async function refusal(error: unknown, payload: Payload, access: PullRequestAccess): Promise<unknown> {
  if (!(error instanceof GhesError)) return error;
  const { headBranch, baseBranch } = payload;
  if (error.code === 'ghes-conflict') return alreadyThere(payload, access, error);
  if (error.code !== 'ghes-validation') return error;
  const says = (words: RegExp) => words.test(error.message);
  if (says(/\bbase invalid\b/)) return new InvalidInputError(`The server has no branch "${baseBranch}" to merge into.`);
  if (says(/\bhead invalid\b/)) return new InvalidInputError(`The server has no branch "${headBranch}".`);
  if (says(/no commits between/i)) {
    return new InvalidInputError(
      `"${headBranch}" has no commit that "${baseBranch}" lacks: there is nothing to merge.`,
    );
  }
  return new InvalidInputError(`The server refuses the pull request: ${serverWords(error)}`);
}

async function alreadyThere(payload: Payload, access: PullRequestAccess, cause: Error): Promise<ConflictError> {
  const there = `There is a pull request for ${payload.headBranch} into ${payload.baseBranch} already`;
  const pull = await openOne(payload, access);
  const named = pull ? `: #${pull.number} "${pull.title}", ${pull.html_url}` : '.';
  return new ConflictError(`${there}${named}`, { cause });
}
