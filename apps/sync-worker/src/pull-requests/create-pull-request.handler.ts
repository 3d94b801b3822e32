import { ConflictError, InvalidInputError } from '@reunite/contracts';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { createPullRequest, GhesError, listPullRequests } from '@reunite/ghes-client';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { PullRequestAccess, PullRequestWrites } from './pull-request-access.js';
import { serverWords } from './server-words.rules.js';

type Payload = PayloadOf<typeof jobs.createPullRequest>;

/** Opens a pull request; run again, the server refuses a second one for the same branches. */
export class CreatePullRequestHandler implements JobHandler<typeof jobs.createPullRequest> {
  constructor(private readonly writes: PullRequestWrites) {}

  handle(payload: Payload, { again }: JobRun): Promise<ResultOf<typeof jobs.createPullRequest>> {
    const needed = { pull_requests: 'write', contents: 'read' } as const;
    return this.writes.act({ ...payload, again }, needed, async (access) => {
      const { title, headBranch: head, baseBranch: base, draft } = payload;
      const opening = { ...access.name, title, head, base, draft, body: access.signed(payload.body) };
      try {
        const pull = await createPullRequest(access.client, opening);
        await access.record(pull);
        return { number: pull.number };
      } catch (error) {
        throw await refusal(error, payload, access);
      }
    });
  }
}

async function refusal(error: unknown, payload: Payload, access: PullRequestAccess): Promise<unknown> {
  if (!(error instanceof GhesError)) return error;
  const { headBranch, baseBranch } = payload;
  if (error.code === 'ghes_conflict') return alreadyThere(payload, access, error);
  if (error.code !== 'ghes_validation') return error;
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

async function alreadyThere(
  { headBranch, baseBranch: base }: Payload,
  { client, name }: PullRequestAccess,
  cause: Error,
): Promise<ConflictError> {
  const between = `for ${headBranch} into ${base}`;
  for await (const { number, title, html_url: url } of listPullRequests(client, {
    ...{ ...name, state: 'open', head: `${name.owner}:${headBranch}`, base },
  })) {
    return new ConflictError(`There is a pull request ${between} already: #${number} "${title}", ${url}`, { cause });
  }
  return new ConflictError(`There is a pull request ${between} already.`, { cause });
}
