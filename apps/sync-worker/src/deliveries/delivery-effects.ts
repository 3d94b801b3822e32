import type { ConnectionEntity } from '@reunite/connections';
import type { ParsedDelivery } from '@reunite/deliveries';
import { mirrorPullRequest } from '@reunite/pull-requests';
import { branchOfRef, branchRef, readWanted, RepositoryEntity, wantedAfterPush, wantRef } from '@reunite/repositories';
import type { EntityManager } from 'typeorm';
import type { Effects } from '../maintenance/queued-effects.js';
import { describePullRequest } from '../pull-requests/pull-request-effects.js';
import type { PullRequestEffects } from '../pull-requests/pull-request-effects.js';

type Push = Extract<ParsedDelivery, { event: 'push' }>['payload'];
type RefEvent = Extract<ParsedDelivery, { event: 'create' | 'delete' }>;
type PullRequest = Extract<ParsedDelivery, { event: 'pull_request' }>['payload'];

/**
 * Turns a delivery into wanted state, in the caller's transaction. What a delivery says of content is never taken as
 * such: it tells what to ask the server for.
 */
export class DeliveryEffects {
  constructor(private readonly pullRequests: PullRequestEffects) {}

  /** @returns what it led to, in a sentence for people */
  async apply(
    db: EntityManager,
    connection: ConnectionEntity,
    delivery: ParsedDelivery,
    effects: Effects,
  ): Promise<string> {
    switch (delivery.event) {
      case 'push':
        return this.withRepository(db, connection.id, delivery.payload.repository.id, (repository) =>
          this.push(db, repository, delivery.payload, effects),
        );
      case 'create':
      case 'delete':
        return this.withRepository(db, connection.id, delivery.payload.repository.id, (repository) =>
          this.refEvent(db, repository, delivery, effects),
        );
      case 'pull_request':
        return this.withRepository(db, connection.id, delivery.payload.repository.id, (repository) =>
          this.pullRequest(db, connection, repository, delivery.payload, effects),
        );
      case 'installation':
      case 'installation_repositories':
        effects.refreshes.push(connection.id);
        return 'Installations and repositories are read again';
      case 'ping':
        return 'The server reached us';
      case 'ignored':
        return 'Nothing depends on this event';
    }
  }

  private async withRepository(
    db: EntityManager,
    connectionId: string,
    githubId: number,
    apply: (repository: RepositoryEntity) => Promise<string>,
  ): Promise<string> {
    const repository = await db.findOneBy(RepositoryEntity, { connectionId, githubId });
    const projects = repository
      ? await db.query<unknown[]>('SELECT 1 FROM project WHERE repository_id = $1 LIMIT 1', [repository.id])
      : [];
    if (!repository || projects.length === 0) return 'No project is connected to this repository';
    return apply(repository);
  }

  private async push(db: EntityManager, repository: RepositoryEntity, push: Push, effects: Effects): Promise<string> {
    const branch = branchOfRef(push.ref);
    if (branch === null) return 'Tags are not deployed';
    const wanted = wantedAfterPush(await readWanted(db, repository.id, push.ref), push);
    if (!wanted) return `Branch ${branch} stands there already`;
    const { refId } = await wantRef(db, { repositoryId: repository.id, name: push.ref, ...wanted });
    effects.syncs.push(refId);
    if (wanted.deleted) return `Branch ${branch} was deleted`;
    return wanted.commit
      ? `Branch ${branch} is to be synced to ${wanted.commit.slice(0, 7)}`
      : `Branch ${branch} is to be synced to what the server says`;
  }

  /** A push tells the same with its commits; this one says only that the branch should be looked at. */
  private async refEvent(
    db: EntityManager,
    repository: RepositoryEntity,
    { event, payload }: RefEvent,
    effects: Effects,
  ): Promise<string> {
    if (payload.ref_type !== 'branch') return 'Tags are not deployed';
    const name = branchRef(payload.ref);
    const current = await readWanted(db, repository.id, name);
    if (current?.deleted === (event === 'delete')) return `Branch ${payload.ref} stands there already`;
    const { refId } = await wantRef(db, { repositoryId: repository.id, name, commit: null });
    effects.syncs.push(refId);
    return `Branch ${payload.ref} is to be synced to what the server says`;
  }

  private async pullRequest(
    db: EntityManager,
    { organizationId }: ConnectionEntity,
    repository: RepositoryEntity,
    event: PullRequest,
    effects: Effects,
  ): Promise<string> {
    const described = describePullRequest(repository.id, repository.githubId, {
      ...event.pull_request,
      number: event.number,
    });
    const mirrored = await mirrorPullRequest(db, described, 'delivered');
    if (mirrored === 'older') return `Something newer is known of pull request #${event.number}`;
    if (mirrored === 'unclear') {
      effects.pulls.push({ repositoryId: repository.id, number: event.number });
      return `Pull request #${event.number} is to be read from the server: it changed more than once in that second`;
    }
    await this.pullRequests.follow(db, described, effects);
    // What we did ourselves is known by its answer.
    if (mirrored === 'known') return `Pull request #${event.number} is known to be ${described.state}`;
    await this.pullRequests.announce(db, organizationId, described);
    return `Pull request #${event.number} is ${described.state}`;
  }
}
