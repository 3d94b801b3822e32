import { ConflictError, InvalidInputError } from '@reunite/contracts';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { createPullRequest, getPullRequest, GhesError, listPullRequests } from '@reunite/ghes-client';
import type { PullRequest, PullRequestDetail } from '@reunite/ghes-client';
import type { PullRequestTracker } from '@reunite/pull-requests';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { ActorAccess } from '../connections/actor-access.js';
import { failAsUnknown } from '../interactive/interactive-request.js';
import type { InteractiveWrites } from '../interactive/interactive-writes.js';
import { serverMessage } from '../interactive/user-message.js';
import { attributed, mirrorAnswer } from './mirrored-changes.js';

type Payload = PayloadOf<typeof jobs.createPullRequest>;
type Result = ResultOf<typeof jobs.createPullRequest>;

/**
 * Opens a pull request. Safe to run twice, and to repeat after a lost answer: an identical open pull request is the
 * answer. The server opens only one for the same branches.
 */
export class CreatePullRequestHandler implements JobHandler<typeof jobs.createPullRequest> {
  constructor(
    private readonly writes: InteractiveWrites,
    private readonly tracker: PullRequestTracker,
  ) {}

  handle(payload: Payload, { isRerun }: JobRun): Promise<Result> {
    return this.writes.run(
      { ...payload, isRerun },
      { pull_requests: 'write', contents: 'read' },
      (access) => this.open(payload, access),
      async (access) => (await this.openedBefore(payload, access)) ?? failAsUnknown(),
    );
  }

  private async open(payload: Payload, access: ActorAccess): Promise<Result> {
    const { title, headBranch: head, baseBranch: base, draft, actor } = payload;
    const body = attributed(access, actor, payload.body);
    try {
      return await this.opened(
        await createPullRequest(access.client, { ...access.name, title, head, base, draft, body }),
        access,
      );
    } catch (error) {
      const isConflict = error instanceof GhesError && error.code === 'ghes-conflict';
      const existing = isConflict ? await this.openedBefore(payload, access) : null;
      if (existing) return existing;
      throw await explainRejection(error, payload, access);
    }
  }

  /**
   * Never fails: the pull request is open, and an error would make the caller open it again. The webhook mirrors it
   * too.
   */
  private async opened(pull: PullRequestDetail, access: ActorAccess): Promise<Result> {
    await mirrorAnswer(this.tracker, access, pull).catch(() => undefined);
    return { number: pull.number };
  }

  /** Returns the open pull request of these branches if it is identical to the requested one, otherwise null. */
  private async openedBefore(payload: Payload, access: ActorAccess): Promise<Result | null> {
    const listed = await findOpen(payload, access);
    if (!listed) return null;
    const pull = await getPullRequest(access.client, { ...access.name, number: listed.number });
    const isSame =
      pull.title === payload.title &&
      normalized(pull.body) === normalized(attributed(access, payload.actor, payload.body)) &&
      (pull.draft ?? false) === payload.draft;
    return isSame ? this.opened(pull, access) : null;
  }
}

/** Returns the open pull request between two branches; there is at most one. */
async function findOpen(
  { headBranch, baseBranch: base }: Payload,
  { client, name }: ActorAccess,
): Promise<PullRequest | null> {
  const filter = { state: 'open', head: `${name.owner}:${headBranch}`, base } as const;
  for await (const pull of listPullRequests(client, { ...name, ...filter })) return pull;
  return null;
}

/** Servers may store other line ends than they received. */
function normalized(text: string | null | undefined): string {
  return (text ?? '').replaceAll('\r\n', '\n').trim();
}

async function explainRejection(error: unknown, payload: Payload, access: ActorAccess): Promise<unknown> {
  if (!(error instanceof GhesError)) return error;
  const { headBranch, baseBranch } = payload;
  if (error.code === 'ghes-conflict') return alreadyOpen(payload, access, error);
  if (error.code !== 'ghes-validation') return error;
  const matches = (pattern: RegExp) => pattern.test(error.message);
  if (matches(/\bbase invalid\b/)) {
    return new InvalidInputError(`The server has no branch "${baseBranch}" to merge into.`);
  }
  if (matches(/\bhead invalid\b/)) return new InvalidInputError(`The server has no branch "${headBranch}".`);
  if (matches(/no commits between/i)) {
    return new InvalidInputError(
      `"${headBranch}" has no commit that "${baseBranch}" lacks: there is nothing to merge.`,
    );
  }
  return new InvalidInputError(`The server rejects the pull request: ${serverMessage(error)}`);
}

async function alreadyOpen(payload: Payload, access: ActorAccess, cause: Error): Promise<ConflictError> {
  const message = `A pull request for ${payload.headBranch} into ${payload.baseBranch} already exists`;
  const pull = await findOpen(payload, access);
  const details = pull ? `: #${pull.number} "${pull.title}", ${pull.html_url}` : '.';
  return new ConflictError(`${message}${details}`, { cause });
}
