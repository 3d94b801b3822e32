import { ConflictError, NotFoundError } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import { ConnectionEntity } from './connection.entity.js';

type Claim = Pick<ConnectionEntity, 'id' | 'organizationId' | 'origin'>;

/** Inserts the connection's row, or returns the row of an earlier attempt: same organization and origin, no app yet. */
export async function claimConnection(manager: EntityManager, claim: Claim): Promise<ConnectionEntity> {
  await manager.createQueryBuilder().insert().into(ConnectionEntity).values(claim).orIgnore().execute();
  const existing = await manager.findOneByOrFail(ConnectionEntity, { id: claim.id });
  assertClaimable(existing, claim);
  return existing;
}

/** @throws NotFoundError for another organization (P8), ConflictError for another origin (P6) and for a second app */
export function assertClaimable(existing: ConnectionEntity, claim: Claim): void {
  if (existing.organizationId !== claim.organizationId) throw new NotFoundError(`There is no connection ${claim.id}.`);
  if (existing.origin !== claim.origin) {
    throw new ConflictError(
      `Connection ${claim.id} belongs to ${existing.origin}. Another server needs another connection.`,
    );
  }
  if (existing.appId !== null) throw new ConflictError(`Connection ${claim.id} already has an app.`);
}
