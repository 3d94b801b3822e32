import type { ParsedDelivery } from '@reunite/deliveries';
import { branchOfRef, branchRef, findConnectedRepositories, isBranchName, SyncRequests } from '@reunite/repositories';
import type { RepositoryEntity } from '@reunite/repositories';
import type { EntityManager } from 'typeorm';

/** A delivery of a connection. */
export interface DeliveryOfConnection {
  readonly connectionId: string;
  readonly delivery: ParsedDelivery;
}

/**
 * State that deliveries share which are applied in one unit of work, of one or several connections. What they are about is
 * read in advance, with one statement per kind of row.
 */
export class AppliedDeliveries {
  /** Refs whose next sync asks the server: further pushes of the batch change nothing. */
  readonly refsToAsk = new Set<string>();
  /** Connections of which a delivery contradicted the mirror: one refresh serves all. */
  readonly refreshRequested = new Set<string>();

  private constructor(
    private readonly repositories: ReadonlyMap<string, RepositoryEntity>,
    readonly syncs: SyncRequests,
  ) {}

  static async read(db: EntityManager, deliveries: readonly DeliveryOfConnection[]): Promise<AppliedDeliveries> {
    const keys = new Map<string, { connectionId: string; githubId: number }>();
    for (const { connectionId, delivery } of deliveries) {
      const githubId = repositoryOf(delivery);
      if (githubId !== null) keys.set(keyOf(connectionId, githubId), { connectionId, githubId });
    }
    const rows = await findConnectedRepositories(db, [...keys.values()]);
    const repositories = new Map(rows.map((one) => [keyOf(one.connectionId, one.githubId), one]));
    const refs = new Map<string, { repositoryId: string; name: string }>();
    for (const { connectionId, delivery } of deliveries) {
      const repositoryId = repositories.get(keyOf(connectionId, repositoryOf(delivery) ?? 0))?.id;
      const name = refOf(delivery);
      if (repositoryId !== undefined && name !== null) refs.set(`${repositoryId} ${name}`, { repositoryId, name });
    }
    return new AppliedDeliveries(repositories, await SyncRequests.read(db, [...refs.values()]));
  }

  /** The repository of a delivery; null if no project is connected to it. */
  repository(connectionId: string, githubId: number): RepositoryEntity | null {
    return this.repositories.get(keyOf(connectionId, githubId)) ?? null;
  }
}

function repositoryOf(delivery: ParsedDelivery): number | null {
  switch (delivery.event) {
    case 'push':
    case 'create':
    case 'delete':
    case 'pull_request':
      return delivery.payload.repository.id;
    case 'unreadable':
      return delivery.githubId;
    default:
      return null;
  }
}

/** The full name of the branch that a delivery is about. */
function refOf(delivery: ParsedDelivery): string | null {
  if (delivery.event === 'push') return branchOfRef(delivery.payload.ref) === null ? null : delivery.payload.ref;
  if (delivery.event !== 'create' && delivery.event !== 'delete') return null;
  return isBranchName(delivery.payload.ref) ? branchRef(delivery.payload.ref) : null;
}

function keyOf(connectionId: string, githubId: number): string {
  return `${connectionId} ${githubId}`;
}
