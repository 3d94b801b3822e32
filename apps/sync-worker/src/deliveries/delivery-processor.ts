import { claimRefresh } from '@reunite/connections';
import type { ConnectionEntity } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import type { ParsedDelivery } from '@reunite/deliveries';
import { describePullRequest } from '@reunite/pull-requests';
import type { PullRequestTracker } from '@reunite/pull-requests';
import { branchOfRef, branchRef, isBranchName, RefQuotaError } from '@reunite/repositories';
import type { RefTracker, RepositoryEntity } from '@reunite/repositories';
import type { Work } from '@reunite/unit-of-work';
import type { AppliedDeliveries } from './applied-deliveries.js';

type Push = Extract<ParsedDelivery, { event: 'push' }>['payload'];
type RepositoryOfEvent = Push['repository'];
type Unreadable = Extract<ParsedDelivery, { event: 'unreadable' }>;
type RefEvent = Extract<ParsedDelivery, { event: 'create' | 'delete' }>;
type PullRequest = Extract<ParsedDelivery, { event: 'pull_request' }>['payload'];

/**
 * Dispatches deliveries to their subjects, in the caller's unit of work. The content of a delivery is never trusted as
 * state: it only determines what to request from the server.
 */
export class DeliveryProcessor {
  constructor(
    private readonly tracker: PullRequestTracker,
    private readonly refs: RefTracker,
  ) {}

  /** @returns the outcome, a sentence for users */
  async apply(
    work: Work,
    connection: ConnectionEntity,
    delivery: ParsedDelivery,
    batch: AppliedDeliveries,
  ): Promise<string> {
    switch (delivery.event) {
      case 'push':
      case 'create':
      case 'delete':
      case 'pull_request': {
        const { id: githubId } = delivery.payload.repository;
        const repository = batch.repository(connection.id, githubId);
        if (!repository) return 'No project is connected to this repository';
        await refreshIfChanged(work, repository, delivery.payload, batch);
        if (delivery.event === 'push') return withinQuota(() => this.push(work, repository, delivery.payload, batch));
        if (delivery.event === 'pull_request') {
          // Planning reads the refs.
          await batch.syncs.write(work);
          return this.pullRequest(work, connection, repository, delivery.payload);
        }
        return withinQuota(() => this.refEvent(work, repository, delivery, batch));
      }
      case 'installation':
      case 'installation_repositories':
      case 'installation_target':
      case 'repository':
        work.afterCommit.enqueue(jobs.refreshConnection, { connectionId: connection.id });
        return 'Installations and repositories will be refreshed';
      case 'unreadable':
        return unreadable(work, connection, delivery, batch);
      case 'ping':
        return 'The server can reach the bridge';
      case 'ignored':
        return 'This event is not used';
    }
  }

  private async push(
    work: Work,
    repository: RepositoryEntity,
    payload: Push,
    { refsToAsk, syncs }: AppliedDeliveries,
  ): Promise<string> {
    const branch = branchOfRef(payload.ref);
    if (branch === null) return payload.ref.startsWith('refs/tags/') ? 'Tags are not deployed' : NO_BRANCH;
    const ref = `${repository.id} ${payload.ref}`;
    if (refsToAsk.has(ref)) return willFollowServer(branch);
    const isTracked = await this.refs.push(work, { repositoryId: repository.id, name: payload.ref }, payload, syncs);
    if (!isTracked) return `Branch ${branch} is up to date`;
    refsToAsk.add(ref);
    return willFollowServer(branch);
  }

  private async refEvent(
    work: Work,
    repository: RepositoryEntity,
    { event, payload }: RefEvent,
    { syncs }: AppliedDeliveries,
  ): Promise<string> {
    if (payload.ref_type !== 'branch') return 'Tags are not deployed';
    if (!isBranchName(payload.ref)) return NO_BRANCH;
    const ref = { repositoryId: repository.id, name: branchRef(payload.ref) };
    const isTracked = await this.refs.existence(work, ref, event === 'create', syncs);
    return isTracked ? willFollowServer(payload.ref) : `Branch ${payload.ref} is up to date`;
  }

  private async pullRequest(
    work: Work,
    connection: ConnectionEntity,
    repository: RepositoryEntity,
    { number, pull_request: pullRequest }: PullRequest,
  ): Promise<string> {
    const description = describePullRequest(repository, { ...pullRequest, number });
    switch (await this.tracker.trackDelivery(work, connection, description)) {
      case 'changed':
        return `Pull request #${number} is ${description.state}`;
      case 'unchanged':
        return `Pull request #${number} is ${description.state}, as mirrored before`;
      case 'outdated':
        return `A newer state of pull request #${number} is mirrored`;
      case 'ambiguous':
        return `Pull request #${number} will be fetched from the server: it changed more than once in that second`;
    }
  }
}

const NO_BRANCH = 'No branch can have this name';

/** A push has the current name and installation of its repository: if ours differ, everything may. */
async function refreshIfChanged(
  { db, afterCommit }: Work,
  { connectionId, owner, name, installationId }: RepositoryEntity,
  payload: {
    readonly repository: RepositoryOfEvent;
    readonly installation?: { readonly id: number } | null | undefined;
  },
  batch: AppliedDeliveries,
): Promise<void> {
  const current = payload.repository;
  const isCurrent =
    (current.owner?.login ?? current.owner?.name ?? owner) === owner &&
    (current.name ?? name) === name &&
    (payload.installation?.id ?? installationId) === installationId;
  if (isCurrent || batch.refreshRequested.has(connectionId)) return;
  batch.refreshRequested.add(connectionId);
  if (await claimRefresh(db, connectionId)) afterCommit.enqueue(jobs.refreshConnection, { connectionId });
}

/** Looks at what the delivery is about, as far as it can be read. */
function unreadable(
  { afterCommit }: Work,
  { id: connectionId }: ConnectionEntity,
  { githubId, reason }: Unreadable,
  batch: AppliedDeliveries,
): string {
  const repository = githubId === null ? null : batch.repository(connectionId, githubId);
  if (repository) {
    afterCommit.enqueue(jobs.reconcileRepository, { repositoryId: repository.id });
    return `The repository will be compared with the server: ${reason}`;
  }
  if (githubId !== null) return 'No project is connected to this repository';
  afterCommit.enqueue(jobs.refreshConnection, { connectionId });
  return `Installations and repositories will be refreshed: ${reason}`;
}

/** A branch beyond the quota is an outcome and no failure: the reconciliation adds it once there is room. */
async function withinQuota(track: () => Promise<string>): Promise<string> {
  try {
    return await track();
  } catch (error) {
    if (error instanceof RefQuotaError) return error.message;
    throw error;
  }
}

function willFollowServer(branch: string): string {
  return `Branch ${branch} will be synced to its commit on the server`;
}
