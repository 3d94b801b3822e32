import type { ContentStore } from '@reunite/content-store';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { compareCommits, getPullRequest } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import { branchRef, GitRefEntity, pullRequestRef, syncContent } from '@reunite/repositories';
import type { UploadPack } from '@reunite/repositories';
import { IsNull, Not } from 'typeorm';
import type { DataSource } from 'typeorm';
import type { GhesConnections } from '../connections/ghes-connections.js';
import { assertGranted, grantedPermissions } from '../connections/granted-permissions.js';

/** How many snapshots are offered as `have`: what is fetched then is only what differs. */
const OTHER_SNAPSHOTS = 5;

type Content = ResultOf<typeof jobs.fetchPullRequestContent>;

/**
 * Brings both sides of a pull request into the store: where it left its base, which is what its patches start from, and
 * its head. The head of a fork is only taken if it is held already, for previews that somebody allowed. Safe to run
 * twice: the store takes in a pack once.
 */
export class FetchPullRequestContentHandler implements JobHandler<typeof jobs.fetchPullRequestContent> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesConnections,
    private readonly content: ContentStore,
  ) {}

  async handle({ repositoryId, number }: PayloadOf<typeof jobs.fetchPullRequestContent>): Promise<Content> {
    const { client, repository, uploadPack } = await this.ghes.repository(repositoryId);
    const { owner, name: repo, githubId } = repository;
    const needed = { pull_requests: 'read', contents: 'read' } as const;
    assertGranted(await grantedPermissions(this.dataSource, repository), needed, repository);
    const server = client(needed);
    const { base, head } = await getPullRequest(server, { owner, repo, number });
    const compared = await compareCommits(server, { owner, repo, base: base.sha, head: head.sha });
    const start = compared.merge_base_commit.sha;
    const isFork = head.repo?.id !== githubId;
    const bring = (commit: string, refName: string, fetches: boolean) =>
      this.treeOf(repositoryId, commit, fetches ? { uploadPack, refName } : null);
    const before = { commit: start, tree: await bring(start, branchRef(base.ref), true) };
    const after = { commit: head.sha, tree: await bring(head.sha, pullRequestRef(number), !isFork) };
    return { before, after };
  }

  /** @returns null where the commit is not held and cannot be fetched */
  private async treeOf(
    repositoryId: string,
    commit: string,
    from: { uploadPack: UploadPack; refName: string } | null,
  ): Promise<string | null> {
    const objects = this.content.repository(repositoryId);
    if (await objects.hasSnapshot(commit)) return (await objects.readCommit(commit)).tree;
    if (!from) return null;
    const refs = await this.dataSource.getRepository(GitRefEntity).find({
      where: { repositoryId, syncedCommit: Not(IsNull()) },
      order: { syncedAt: 'DESC' },
      take: OTHER_SNAPSHOTS,
    });
    const have = refs.flatMap(({ syncedCommit }) => syncedCommit ?? []);
    const request = { refName: from.refName, wantedCommit: commit, have };
    const outcome = await syncContent(from.uploadPack, objects, request);
    return outcome.kind === 'synced' && outcome.commit === commit ? outcome.tree : null;
  }
}
