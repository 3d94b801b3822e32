import { ConflictError, InvalidInputError, NotFoundError } from '@reunite/contracts';
import type { Actor, jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { compareCommits, GhesError } from '@reunite/ghes-client';
import type { Commit, GhesClient } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import {
  beginCommitRequest,
  endCommitRequest,
  pathsChangedBetween,
  planCommit,
  readCommitRequest,
} from '@reunite/repositories';
import type { HeldCommitRequest } from '@reunite/repositories';
import type { DataSource } from 'typeorm';
import { ZERO_OBJECT_ID } from '@reunite/git-objects';
import { refuseUnknown } from '../interactive/for-person.js';
import type { NeededPermissions } from '@reunite/contracts';
import { branchRefusal, headOf } from './branch-writes.js';
import { commitMessage, isSameMessage } from './commit-message.rules.js';
import { writeCommit } from './commit-writer.js';
import type { PlannedCommit } from './commit-writer.js';
import type { RepositoryWrites, WriteAccess } from './repository-writes.js';

type Result = ResultOf<typeof jobs.makeCommit>;

/** How many files of a conflict are named. */
const NAMED_FILES = 100;

/**
 * Makes a commit, or says why not. Safe to run twice: the branch only moves from the expected head, and a commit that a
 * run before made, whose answer was lost, is found and answered.
 */
export class MakeCommitHandler implements JobHandler<typeof jobs.makeCommit> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly writes: RepositoryWrites,
  ) {}

  async handle({ requestId, actor, deadline }: PayloadOf<typeof jobs.makeCommit>): Promise<Result> {
    const request = await readCommitRequest(this.dataSource.manager, requestId);
    if (!request) throw new NotFoundError('What was to be committed is gone, and with it its repository.');
    if (request.result) return request.result;
    const { repositoryId, begun: isRerun } = request;
    const asked = { repositoryId, actor, deadline, isRerun, permissions: permissionsFor(request) };
    const begin = () => beginCommitRequest(this.dataSource.manager, requestId);
    let result: Result | null = null;
    try {
      result = await this.writes.act(
        asked,
        async (access) => make(access, await plan(access, request, actor), begin),
        async (access) => (await madeBefore(access, await plan(access, request, actor))) ?? refuseUnknown(),
      );
      return result;
    } finally {
      await endCommitRequest(this.dataSource.manager, requestId, result).catch(() => undefined);
    }
  }
}

/**
 * Servers ask for a permission of its own where GitHub Actions are changed
 * (https://docs.github.com/enterprise-server@latest/rest/authentication/permissions-required-for-github-apps).
 */
function permissionsFor({ changes }: HeldCommitRequest): NeededPermissions {
  const paths = changes.flatMap(({ path, from }) => [path, from ?? path]);
  return paths.some((path) => path.startsWith('.github/workflows/')) ? { workflows: 'write' } : {};
}

async function plan(access: WriteAccess, request: HeldCommitRequest, actor: Actor): Promise<PlannedCommit> {
  const { branch, expectedHead } = request;
  const baseTree = await access.bring(branch, expectedHead);
  if (baseTree === null) throw new InvalidInputError(`The repository has no commit ${expectedHead} any more.`);
  const planned = await planCommit(access.objects, baseTree, request.changes);
  return { request, plan: planned, baseTree, message: commitMessage(request.message, access.as, actor) };
}

async function make(access: WriteAccess, commit: PlannedCommit, begin: () => Promise<void>): Promise<Result> {
  const { branch, newBranch, expectedHead } = commit.request;
  const head = await headOf(access, branch);
  if (head === null && !newBranch) throw new NotFoundError(`The server has no branch "${branch}".`);
  if (head === (newBranch ? null : expectedHead)) {
    await begin();
    try {
      return await made(access, commit, await writeCommit(access, commit));
    } catch (error) {
      return afterFailure(access, commit, error);
    }
  }
  return (await madeBefore(access, commit)) ?? conflict(access, commit, head);
}

async function made(access: WriteAccess, { request }: PlannedCommit, commit: string): Promise<Result> {
  const { branch, newBranch, expectedHead } = request;
  await access.moved(branch, { before: newBranch ? ZERO_OBJECT_ID : expectedHead, after: commit });
  return { outcome: 'made', branch, commit, author: access.as.kind === 'user' ? access.as.login : null };
}

/** The branch may have moved meanwhile; or the commit is made, and only the answer got lost. */
async function afterFailure(access: WriteAccess, commit: PlannedCommit, error: unknown): Promise<Result> {
  if (!(error instanceof GhesError)) throw error;
  const { branch, newBranch, expectedHead } = commit.request;
  const before = await madeBefore(access, commit);
  if (before) return before;
  const head = await headOf(access, branch);
  if (head !== (newBranch ? null : expectedHead)) return conflict(access, commit, head);
  throw await branchRefusal(error, access, branch);
}

/** This very commit, where it stands on the branch already. */
async function madeBefore(access: WriteAccess, commit: PlannedCommit): Promise<Result | null> {
  const { client, name, as } = access;
  const { request, plan, message } = commit;
  const head = await headOf(access, request.branch);
  if (head === null || head === request.expectedHead) return null;
  const sides = { ...name, base: request.expectedHead, head };
  const found = (await commitsBetween(client, sides)).find(
    ({ parents, commit: { tree, message: said }, author }) =>
      parents.length === 1 &&
      parents[0]?.sha === request.expectedHead &&
      tree.sha === plan.tree &&
      isSameMessage(said, message) &&
      (as.kind === 'app' || author?.login === undefined || author.login === as.login),
  );
  return found ? made(access, commit, found.sha) : null;
}

/** None where the branch was forced to a history of its own, in which nothing is compared. */
async function commitsBetween(
  client: GhesClient,
  sides: Parameters<typeof compareCommits>[1],
): Promise<readonly Commit[]> {
  try {
    return (await compareCommits(client, sides)).commits;
  } catch (error) {
    if (error instanceof GhesError && error.code === 'ghes-not-found') return [];
    throw error;
  }
}

/** @throws ConflictError where the branch was to be new, NotFoundError where it is gone */
async function conflict(
  access: WriteAccess,
  { request, plan, baseTree }: PlannedCommit,
  head: string | null,
): Promise<Result> {
  const { branch, newBranch } = request;
  if (head === null) throw new NotFoundError(`The branch "${branch}" was deleted on the server.`);
  if (newBranch) throw new ConflictError(`There is a branch "${branch}" already. Choose another name.`);
  const headTree = await access.bring(branch, head);
  const between = headTree && ([baseTree, headTree] as const);
  const files = between ? await pathsChangedBetween(access.objects, between, plan.paths, NAMED_FILES) : [];
  return { outcome: 'conflict', head, files };
}
