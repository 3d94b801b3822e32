import { getPullRequest, listPullRequests } from '@reunite/ghes-client';
import type { GhesClient, PullRequest } from '@reunite/ghes-client';
import { PullRequestEntity } from '@reunite/pull-requests';
import { RepositoryEntity } from '@reunite/repositories';
import type { DataSource } from 'typeorm';
import { describePullRequest } from './pull-request-effects.js';
import type { RepositoryAccess } from '../connections/ghes-connections.js';
import type { PullRequestMirror } from './pull-request-mirror.js';

interface Reading extends RepositoryAccess {
  readonly server: GhesClient;
}

/**
 * Brings the mirror to what the server says of a repository's pull requests, whatever was not heard of them (P3). A listing
 * grows old while it is read: it replaces nothing that is newer, and of two descriptions of one second the server is asked.
 */
export class PullRequestReconciliation {
  constructor(
    private readonly dataSource: DataSource,
    private readonly mirror: PullRequestMirror,
    /** How many are read the first time, the last changed ones. */
    private readonly firstLimit: number,
  ) {}

  async run(access: RepositoryAccess): Promise<void> {
    const reading = { ...access, server: access.client({ pull_requests: 'read' }) };
    await this.readOpen(reading);
    await this.readChanged(reading);
  }

  /** Open ones as the server lists them; one that we hold as open and that is not listed was closed unheard. */
  private async readOpen(reading: Reading): Promise<void> {
    const { id: repositoryId, owner, name: repo } = reading.repository;
    // Before the list: what is opened after it is not missing from it.
    const held = await this.dataSource.getRepository(PullRequestEntity).findBy({ repositoryId, state: 'open' });
    const unheard = new Set(held.map(({ number }) => number));
    for await (const listed of listPullRequests(reading.server, { owner, repo, state: 'open' })) {
      // Also what nothing is new of: a project that was connected since may want a preview of it.
      await this.take(reading, listed, true);
      unheard.delete(listed.number);
    }
    for (const number of unheard) await this.ask(reading, number);
  }

  /**
   * All that changed since it was looked last, opened and closed in between too; at first what was there before anybody
   * listened. How far was read is not what the mirror holds: a delivery may have told of newer ones than those that are missing.
   */
  private async readChanged(reading: Reading): Promise<void> {
    const { id, owner, name: repo, pullRequestsReadTo: readTo } = reading.repository;
    const order = { state: 'all', sort: 'updated', direction: 'desc' } as const;
    let newest: Date | null = null;
    let count = 0;
    for await (const listed of listPullRequests(reading.server, { owner, repo, ...order })) {
      const updatedAt = new Date(listed.updated_at);
      if (readTo ? updatedAt < readTo : count === this.firstLimit) break;
      await this.take(reading, listed, false);
      newest ??= updatedAt;
      count += 1;
    }
    // Last: what a run did not come to the next one reads.
    if (newest) await this.dataSource.getRepository(RepositoryEntity).update({ id }, { pullRequestsReadTo: newest });
  }

  private async take(reading: Reading, listed: PullRequest, anew: boolean): Promise<void> {
    const { connection, repository } = reading;
    const described = describePullRequest(repository.id, repository.githubId, listed);
    const mirrored = await this.mirror.record(connection, described, 'delivered', anew);
    if (mirrored === 'unclear') await this.ask(reading, listed.number);
  }

  private async ask({ connection, repository, server }: Reading, number: number): Promise<void> {
    const { id, githubId, owner, name: repo } = repository;
    const pullRequest = await getPullRequest(server, { owner, repo, number });
    await this.mirror.record(connection, describePullRequest(id, githubId, pullRequest));
  }
}
