import { ConflictError, NotFoundError } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import { ConnectionEntity } from './connection.entity.js';

type Claim = Pick<ConnectionEntity, 'id' | 'organizationId' | 'origin'>;

/** Makes the connection's row, or finds it as it was begun before: same organization, same origin, no app yet. */
export async function claimConnection(manager: EntityManager, wanted: Claim): Promise<ConnectionEntity> {
  await manager.createQueryBuilder().insert().into(ConnectionEntity).values(wanted).orIgnore().execute();
  const held = await manager.findOneByOrFail(ConnectionEntity, { id: wanted.id });
  assertClaimable(held, wanted);
  return held;
}

/** @throws NotFoundError for another organization's (P8), ConflictError for another origin (P6) and for a second app */
export function assertClaimable(held: ConnectionEntity, wanted: Claim): void {
  if (held.organizationId !== wanted.organizationId) throw new NotFoundError(`There is no connection ${wanted.id}.`);
  if (held.origin !== wanted.origin) {
    throw new ConflictError(`Connection ${wanted.id} belongs to ${held.origin}. Another server is another connection.`);
  }
  if (held.appId !== null) throw new ConflictError(`Connection ${wanted.id} has an app already.`);
}
