import type { ConnectionEntity } from '@reunite/connections';
import { getPullRequest, GhesNotFoundError, listPullRequests } from '@reunite/ghes-client';
import type { GhesClient, PullRequest } from '@reunite/ghes-client';
import { RepositoryEntity } from '@reunite/repositories';
import type { DataSource } from 'typeorm';
import { describePullRequest } from './pull-request-description.rules.js';
import type { PullRequestTracker } from './pull-request-tracker.js';
import { PullRequestEntity } from './pull-request.entity.js';

export interface ReconciledRepository {
  readonly connection: ConnectionEntity;
  readonly repository: RepositoryEntity;
  /** A client with `pull_requests: read`. */
  readonly client: GhesClient;
}

/**
 * Brings the mirrored pull requests of a repository to the server's state, whatever deliveries were lost (P3). Lists are
 * treated like deliveries, because they may be outdated by the time they are read.
 */
export class PullRequestReconciliation {
  /** @param initialLimit number of pull requests, most recently updated first, that the first run reads besides open ones */
  constructor(
    private readonly dataSource: DataSource,
    private readonly tracker: PullRequestTracker,
    private readonly initialLimit: number,
  ) {}

  async run(target: ReconciledRepository): Promise<void> {
    try {
      await this.readOpen(target);
      await this.readChanged(target);
    } catch (error) {
      // The caller has just reached the repository: its pull requests are switched off, which GHES 3.21 allows.
      if (!(error instanceof GhesNotFoundError)) throw error;
    }
  }

  /** Reads the open pull requests, and re-fetches those that are open in the mirror only: they were closed. */
  private async readOpen(target: ReconciledRepository): Promise<void> {
    const { id: repositoryId, owner, name: repo } = target.repository;
    // Before the list: it contains everything that was open at this time, unless it was closed since.
    const mirrored = await this.dataSource.getRepository(PullRequestEntity).findBy({ repositoryId, state: 'open' });
    const unlisted = new Set(mirrored.map(({ number }) => number));
    for await (const listed of listPullRequests(target.client, { owner, repo, state: 'open' })) {
      await this.track(target, listed, true);
      unlisted.delete(listed.number);
    }
    for (const number of unlisted) await this.refetch(target, number);
  }

  /**
   * Reads the pull requests that were updated since the last run, also those that were opened and closed in between. The
   * mirror's newest `updated_at` cannot mark the position: a delivery may have stored a newer one than those that are missing.
   */
  private async readChanged(target: ReconciledRepository): Promise<void> {
    const { id, owner, name: repo, pullRequestsReadTo: readTo } = target.repository;
    const order = { state: 'all', sort: 'updated', direction: 'desc' } as const;
    let newest: Date | null = null;
    let count = 0;
    for await (const listed of listPullRequests(target.client, { owner, repo, ...order })) {
      const updatedAt = new Date(listed.updated_at);
      // Also if it is older than the position: then the server was restored from a backup, and changes are older too.
      newest ??= updatedAt;
      if (readTo ? updatedAt < readTo : count === this.initialLimit) break;
      await this.track(target, listed, false);
      count += 1;
    }
    // Last, so that the next run reads what an interrupted one did not.
    if (newest) await this.dataSource.getRepository(RepositoryEntity).update({ id }, { pullRequestsReadTo: newest });
  }

  private async track(target: ReconciledRepository, listed: PullRequest, replan: boolean): Promise<void> {
    const { connection, repository } = target;
    const description = describePullRequest(repository, listed);
    const result = await this.tracker.track(connection, description, { source: 'delivery', replan });
    // Outdated: the server was restored from a backup, or a delivery has overtaken the list.
    if (result === 'ambiguous' || result === 'outdated') await this.refetch(target, listed.number);
  }

  private async refetch({ connection, repository, client }: ReconciledRepository, number: number): Promise<void> {
    const { owner, name: repo } = repository;
    try {
      await this.tracker.trackFetched(connection, async () =>
        describePullRequest(repository, await getPullRequest(client, { owner, repo, number })),
      );
    } catch (error) {
      // The repository is there: its pull requests were just listed.
      if (!(error instanceof GhesNotFoundError)) throw error;
      await this.tracker.trackMissing(connection, repository.id, number);
    }
  }
}
