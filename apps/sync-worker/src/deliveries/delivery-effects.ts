import type { ConnectionEntity } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import type { ParsedDelivery } from '@reunite/deliveries';
import { mirrorPullRequest } from '@reunite/pull-requests';
import { branchOfRef, branchRef, readWanted, RepositoryEntity, wantedAfterPush, wantRef } from '@reunite/repositories';
import type { Work } from '@reunite/unit-of-work';
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
  async apply(work: Work, connection: ConnectionEntity, delivery: ParsedDelivery): Promise<string> {
    switch (delivery.event) {
      case 'push':
        return this.withRepository(work, connection.id, delivery.payload.repository.id, (repository) =>
          this.push(work, repository, delivery.payload),
        );
      case 'create':
      case 'delete':
        return this.withRepository(work, connection.id, delivery.payload.repository.id, (repository) =>
          this.refEvent(work, repository, delivery),
        );
      case 'pull_request':
        return this.withRepository(work, connection.id, delivery.payload.repository.id, (repository) =>
          this.pullRequest(work, connection, repository, delivery.payload),
        );
      case 'installation':
      case 'installation_repositories':
        work.afterCommit.enqueue(jobs.refreshConnection, { connectionId: connection.id });
        return 'Installations and repositories are read again';
      case 'ping':
        return 'The server reached us';
      case 'ignored':
        return 'Nothing depends on this event';
    }
  }

  private async withRepository(
    work: Work,
    connectionId: string,
    githubId: number,
    apply: (repository: RepositoryEntity) => Promise<string>,
  ): Promise<string> {
    const repository = await work.db.findOneBy(RepositoryEntity, { connectionId, githubId });
    const projects = repository
      ? await work.db.query<unknown[]>('SELECT 1 FROM project WHERE repository_id = $1 LIMIT 1', [repository.id])
      : [];
    if (!repository || projects.length === 0) return 'No project is connected to this repository';
    return apply(repository);
  }

  private async push(work: Work, repository: RepositoryEntity, push: Push): Promise<string> {
    const branch = branchOfRef(push.ref);
    if (branch === null) return 'Tags are not deployed';
    const wanted = wantedAfterPush(await readWanted(work.db, repository.id, push.ref), push);
    if (!wanted) return `Branch ${branch} stands there already`;
    const { refId } = await wantRef(work.db, { repositoryId: repository.id, name: push.ref, ...wanted });
    work.afterCommit.enqueue(jobs.syncRef, { refId });
    if (wanted.deleted) return `Branch ${branch} was deleted`;
    return wanted.commit
      ? `Branch ${branch} is to be synced to ${wanted.commit.slice(0, 7)}`
      : `Branch ${branch} is to be synced to what the server says`;
  }

  /** A push tells the same with its commits; this one says only that the branch should be looked at. */
  private async refEvent(work: Work, repository: RepositoryEntity, { event, payload }: RefEvent): Promise<string> {
    if (payload.ref_type !== 'branch') return 'Tags are not deployed';
    const name = branchRef(payload.ref);
    const current = await readWanted(work.db, repository.id, name);
    if (current?.deleted === (event === 'delete')) return `Branch ${payload.ref} stands there already`;
    const { refId } = await wantRef(work.db, { repositoryId: repository.id, name, commit: null });
    work.afterCommit.enqueue(jobs.syncRef, { refId });
    return `Branch ${payload.ref} is to be synced to what the server says`;
  }

  private async pullRequest(
    work: Work,
    { organizationId }: ConnectionEntity,
    repository: RepositoryEntity,
    event: PullRequest,
  ): Promise<string> {
    const described = describePullRequest(repository.id, repository.githubId, {
      ...event.pull_request,
      number: event.number,
    });
    const mirrored = await mirrorPullRequest(work.db, described, 'delivered');
    if (mirrored === 'older') return `Something newer is known of pull request #${event.number}`;
    if (mirrored === 'unclear') {
      work.afterCommit.enqueue(jobs.mirrorPullRequest, { repositoryId: repository.id, number: event.number });
      return `Pull request #${event.number} is to be read from the server: it changed more than once in that second`;
    }
    await this.pullRequests.follow(work, described);
    // What we did ourselves is known by its answer.
    if (mirrored === 'known') return `Pull request #${event.number} is known to be ${described.state}`;
    await this.pullRequests.announce(work.db, organizationId, described);
    return `Pull request #${event.number} is ${described.state}`;
  }
}
