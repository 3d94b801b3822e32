import type { ContentStore } from '@reunite/content-store';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { compareCommits, getPullRequest } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import { branchRef, fetchSnapshot, pullRequestRef } from '@reunite/repositories';
import type { DataSource } from 'typeorm';
import type { GhesAccess } from '../connections/ghes-access.js';
import { assertGranted, grantedPermissions } from '../connections/granted-permissions.js';

type Content = ResultOf<typeof jobs.fetchPullRequestContent>;

const NEEDED = { pull_requests: 'read', contents: 'read' } as const;

/**
 * Stores both sides of a pull request: its merge base, which its patches start from, and its head. The head of a fork
 * is used only if it is stored already, for previews that a project allows. Safe to run twice: the store takes in a
 * pack once.
 */
export class FetchPullRequestContentHandler implements JobHandler<typeof jobs.fetchPullRequestContent> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesAccess,
    private readonly content: ContentStore,
  ) {}

  async handle({ repositoryId, number }: PayloadOf<typeof jobs.fetchPullRequestContent>): Promise<Content> {
    const access = await this.ghes.repository(repositoryId);
    const { repository, git, name } = access;
    assertGranted(await grantedPermissions(this.dataSource, repository), NEEDED, repository);
    const client = access.client(NEEDED);
    const { base, head } = await getPullRequest(client, { ...name, number });
    const compared = await compareCommits(client, { ...name, base: base.sha, head: head.sha });
    const mergeBase = compared.merge_base_commit.sha;
    const isFork = head.repo?.id !== repository.githubId;
    const objects = this.content.repository(repositoryId);
    const treeOf = (commit: string, refName: string, mayFetch: boolean) =>
      fetchSnapshot(this.dataSource.manager, objects, mayFetch ? git : null, { repositoryId, refName, commit });
    return {
      before: { commit: mergeBase, tree: await treeOf(mergeBase, branchRef(base.ref), true) },
      after: { commit: head.sha, tree: await treeOf(head.sha, pullRequestRef(number), !isFork) },
    };
  }
}
