import type { ContentStore } from '@reunite/content-store';
import { ConflictError, InvalidInputError, NotFoundError } from '@reunite/contracts';
import type { Actor, jobs, NeededPermissions, PayloadOf, ResultOf } from '@reunite/contracts';
import { compareCommits, GhesError } from '@reunite/ghes-client';
import type { Commit, GhesClient } from '@reunite/ghes-client';
import { ZERO_OBJECT_ID } from '@reunite/git-objects';
import type { JobHandler } from '@reunite/queueing';
import {
  beginCommitRequest,
  branchRef,
  commitMessage,
  endCommitRequest,
  fetchSnapshot,
  isSameMessage,
  pathsChangedBetween,
  planCommit,
  readCommitRequest,
  readUpload,
} from '@reunite/repositories';
import type { StoredCommitRequest } from '@reunite/repositories';
import type { DataSource } from 'typeorm';
import type { ActorAccess } from '../connections/actor-access.js';
import type { GhesAccess } from '../connections/ghes-access.js';
import { failAsUnknown } from '../interactive/interactive-request.js';
import type { InteractiveWrites } from '../interactive/interactive-writes.js';
import type { BranchUpdates } from './branch-updates.js';
import { writeCommit } from './commit-writer.js';
import type { PlannedCommit } from './commit-writer.js';
import { branchOf, explainBranchRejection, headOf } from './server-branches.js';

type Result = ResultOf<typeof jobs.makeCommit>;

const MAX_LISTED_FILES = 100;

/**
 * Writes a commit, or answers with the conflict. Safe to run twice: the branch only moves from the expected head, and a
 * commit of an earlier run, whose answer was lost, is found and answered.
 */
export class MakeCommitHandler implements JobHandler<typeof jobs.makeCommit> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesAccess,
    private readonly content: ContentStore,
    private readonly writes: InteractiveWrites,
    private readonly updates: BranchUpdates,
  ) {}

  async handle({ requestId, actor, deadline }: PayloadOf<typeof jobs.makeCommit>): Promise<Result> {
    const request = await readCommitRequest(this.dataSource.manager, requestId);
    if (!request) throw new NotFoundError('The commit request no longer exists, because its repository was deleted.');
    if (request.result) return request.result;
    let result: Result | null = null;
    try {
      result = await this.writes.run(
        { repositoryId: request.repositoryId, actor, deadline, isRerun: request.begun },
        permissionsFor(request),
        async (access) => this.write(access, requestId, await this.plan(access, request, actor)),
        async (access) =>
          (await this.writtenBefore(access, await this.plan(access, request, actor))) ?? failAsUnknown(),
      );
      return result;
    } finally {
      await endCommitRequest(this.dataSource.manager, requestId, result).catch(() => undefined);
    }
  }

  private async plan(access: ActorAccess, request: StoredCommitRequest, actor: Actor): Promise<PlannedCommit> {
    const { branch, expectedHead } = request;
    const baseTree = await this.treeOf(access, branch, expectedHead);
    if (baseTree === null) throw new InvalidInputError(`The repository no longer has commit ${expectedHead}.`);
    const planned = await planCommit(this.content.repository(access.repository.id), baseTree, request.changes);
    return { request, plan: planned, baseTree, message: commitMessage(request.message, access.identity.kind, actor) };
  }

  private async write(access: ActorAccess, requestId: string, commit: PlannedCommit): Promise<Result> {
    const { branch, newBranch, expectedHead } = commit.request;
    const current = await branchOf(access, branch);
    const head = current?.commit ?? null;
    if (head === null && !newBranch) throw new NotFoundError(`The server has no branch "${branch}".`);
    if (head === (newBranch ? null : expectedHead)) {
      await beginCommitRequest(this.dataSource.manager, requestId);
      try {
        return await this.record(access, commit, await this.writeFiles(access, commit, current?.nodeId ?? ''));
      } catch (error) {
        return this.afterFailure(access, commit, error);
      }
    }
    return (await this.writtenBefore(access, commit)) ?? this.conflict(access, commit, head);
  }

  private writeFiles(access: ActorAccess, commit: PlannedCommit, branchNodeId: string): Promise<string> {
    return writeCommit(access, commit, branchNodeId, (upload) => readUpload(this.dataSource.manager, upload));
  }

  private async record(access: ActorAccess, { request }: PlannedCommit, commit: string): Promise<Result> {
    const { branch, newBranch, expectedHead } = request;
    await this.updates.record(access, branch, { before: newBranch ? ZERO_OBJECT_ID : expectedHead, after: commit });
    const { identity } = access;
    return { outcome: 'made', branch, commit, author: identity.kind === 'user' ? identity.login : null };
  }

  /** The branch may have moved meanwhile, or the commit was written and only the answer was lost. */
  private async afterFailure(access: ActorAccess, commit: PlannedCommit, error: unknown): Promise<Result> {
    if (!(error instanceof GhesError)) throw error;
    const { branch, newBranch, expectedHead } = commit.request;
    const written = await this.writtenBefore(access, commit);
    if (written) return written;
    const head = await headOf(access, branch);
    if (head !== (newBranch ? null : expectedHead)) return this.conflict(access, commit, head);
    throw await explainBranchRejection(error, access, branch);
  }

  /** Returns the result of an earlier run if its commit is on the branch, otherwise null. */
  private async writtenBefore(access: ActorAccess, commit: PlannedCommit): Promise<Result | null> {
    const { client, name } = access;
    const { branch, expectedHead } = commit.request;
    const head = await headOf(access, branch);
    if (head === null || head === expectedHead) return null;
    const commits = await commitsBetween(client, { ...name, base: expectedHead, head });
    const written = commits.find((one) => isCommitOf(one, access, commit));
    return written ? this.record(access, commit, written.sha) : null;
  }

  /**
   * @throws ConflictError if the new branch exists
   * @throws NotFoundError if the branch was deleted
   */
  private async conflict(
    access: ActorAccess,
    { request, plan, baseTree }: PlannedCommit,
    head: string | null,
  ): Promise<Result> {
    const { branch, newBranch } = request;
    if (head === null) throw new NotFoundError(`The branch "${branch}" was deleted on the server.`);
    if (newBranch) throw new ConflictError(`Branch "${branch}" already exists. Choose another name.`);
    const headTree = await this.treeOf(access, branch, head);
    const objects = this.content.repository(access.repository.id);
    const files =
      headTree === null ? [] : await pathsChangedBetween(objects, [baseTree, headTree], plan.paths, MAX_LISTED_FILES);
    return { outcome: 'conflict', head, files };
  }

  /** Stores a commit's snapshot and returns its tree, or null if the server does not have the commit. */
  private async treeOf({ repository }: ActorAccess, branch: string, commit: string): Promise<string | null> {
    const { id: repositoryId } = repository;
    const { git } = await this.ghes.repository(repositoryId);
    const request = { repositoryId, refName: branchRef(branch), commit };
    return fetchSnapshot(this.dataSource.manager, this.content.repository(repositoryId), git, request);
  }
}

/**
 * Changes of GitHub Actions workflows need a permission of their own.
 *
 * @see https://docs.github.com/enterprise-server@latest/rest/authentication/permissions-required-for-github-apps
 */
function permissionsFor({ changes }: StoredCommitRequest): NeededPermissions {
  const paths = changes.flatMap(({ path, from }) => [path, from ?? path]);
  const hasWorkflows = paths.some((path) => path.startsWith('.github/workflows/'));
  return { contents: 'write', ...(hasWorkflows && { workflows: 'write' }) };
}

function isCommitOf(
  { parents, commit, author }: Commit,
  { identity }: ActorAccess,
  { request, plan, message }: PlannedCommit,
): boolean {
  return (
    parents.length === 1 &&
    parents[0]?.sha === request.expectedHead &&
    commit.tree.sha === plan.tree &&
    isSameMessage(commit.message, message) &&
    (identity.kind === 'app' || author?.login === undefined || author.login === identity.login)
  );
}

/** Returns no commits if the branch was force-pushed to an unrelated history: comparing answers 404. */
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
