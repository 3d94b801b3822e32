import type { EntityManager } from 'typeorm';
import { ConnectionEntity } from './connection.entity.js';

/**
 * Serializes transactions that change what is stored for the connection. Locked before any row below the connection.
 */
export async function lockConnection(manager: EntityManager, id: string): Promise<ConnectionEntity> {
  return manager.findOneOrFail(ConnectionEntity, { where: { id }, lock: { mode: 'for_no_key_update' } });
}
