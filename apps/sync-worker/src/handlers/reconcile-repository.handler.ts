import type { jobs, PayloadOf } from '@reunite/contracts';
import type { JobHandler } from '@reunite/queueing';
import { getPullRequest, listPullRequests } from '@reunite/ghes-client';
import {
  branchRef,
  GitRefEntity,
  listRefs,
  mirrorPullRequest,
  PullRequestEntity,
  wantRef,
} from '@reunite/repositories';
import type { DescribedPullRequest, WantedRef } from '@reunite/repositories';
import type { DataSource } from 'typeorm';
import type { PullRequestEffects } from '../deliveries/pull-request-effects.js';
import { describePullRequest } from '../deliveries/pull-request-effects.js';
import type { GhesConnections, RepositoryAccess } from '../ghes/ghes-connections.js';
import { noEffects } from '../queued-effects.js';
import type { QueuedEffects } from '../queued-effects.js';

/**
 * Compares a repository with its server and wants what differs: what missing deliveries left behind (P3). Only writes
 * wanted state, so that running twice is running once.
 */
export class ReconcileRepositoryHandler implements JobHandler<typeof jobs.reconcileRepository> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesConnections,
    private readonly pullRequests: PullRequestEffects,
    private readonly effects: QueuedEffects,
  ) {}

  async handle({ repositoryId }: PayloadOf<typeof jobs.reconcileRepository>): Promise<null> {
    const access = await this.ghes.repository(repositoryId);
    // Read before the server is asked: what is pushed in between is newer than the answer and must not be undone by it.
    const held = await this.dataSource.getRepository(GitRefEntity).findBy({ repositoryId });
    const heads = await listRefs(access.uploadPack, branchRef(''));
    await this.wantDifferences(repositoryId, held, new Map(heads.flatMap(({ name, id }) => (id ? [[name, id]] : []))));
    await this.mirrorPullRequests(access);
    return null;
  }

  private async wantDifferences(
    repositoryId: string,
    held: readonly GitRefEntity[],
    heads: ReadonlyMap<string, string>,
  ): Promise<void> {
    const known = new Map(held.map((ref) => [ref.name, ref]));
    const different: WantedRef[] = [];
    for (const [name, commit] of heads) {
      const ref = known.get(name);
      const current = ref && !ref.wantedDeleted && ref.wantedCommit === commit && ref.error === null;
      // Let the sync ask: by then the answer is the newest, whatever was pushed since ours.
      if (!current) different.push({ repositoryId, name, commit: ref ? null : commit });
    }
    for (const ref of held) {
      const gone = ref.name.startsWith(branchRef('')) && !heads.has(ref.name) && !ref.wantedDeleted;
      if (gone) different.push({ repositoryId, name: ref.name, commit: null });
    }
    const syncs: string[] = [];
    for (const wanted of different) syncs.push((await wantRef(this.dataSource.manager, wanted)).refId);
    await this.effects.enqueue({ syncs });
  }

  /** Open ones as the server lists them; one that we hold as open and that is not listed was closed unheard. */
  private async mirrorPullRequests({ repository, client }: RepositoryAccess): Promise<void> {
    const { id: repositoryId, owner, name: repo, githubId } = repository;
    const server = client({ pull_requests: 'read' });
    // Before the list: what is opened after it is not missing from it.
    const held = await this.dataSource.getRepository(PullRequestEntity).findBy({ repositoryId, state: 'open' });
    const listed = new Set<number>();
    for await (const pullRequest of listPullRequests(server, { owner, repo, state: 'open' })) {
      listed.add(pullRequest.number);
      await this.mirror(describePullRequest(repositoryId, githubId, pullRequest));
    }
    for (const { number } of held) {
      if (listed.has(number)) continue;
      const pullRequest = await getPullRequest(server, { owner, repo, number });
      await this.mirror(describePullRequest(repositoryId, githubId, pullRequest));
    }
  }

  private async mirror(described: DescribedPullRequest): Promise<void> {
    const effects = noEffects();
    await this.dataSource.transaction(async (db) => {
      const changed = await mirrorPullRequest(db, described);
      if (changed) await this.pullRequests.follow(db, described, effects);
    });
    await this.effects.enqueue(effects);
  }
}
