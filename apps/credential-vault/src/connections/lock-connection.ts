import type { EntityManager } from 'typeorm';
import { ConnectionEntity } from './connection.entity.js';

/** Of two transactions that change what is kept for the connection, one comes after the other. */
export async function lockConnection(manager: EntityManager, id: string): Promise<ConnectionEntity> {
  return manager.findOneOrFail(ConnectionEntity, { where: { id }, lock: { mode: 'for_no_key_update' } });
}
