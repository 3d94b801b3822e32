import { NotFoundError } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';

/**
 * Keeps a connection from being deleted until the transaction ends; first in every transaction that writes below one. A
 * deletion goes from the connection downwards: it would wait for rows of ours while we wait for rows of its.
 *
 * @throws NotFoundError when it is gone
 */
export async function holdConnection(
  db: EntityManager,
  by: { readonly connectionId: string } | { readonly repositoryId: string },
): Promise<void> {
  const [id, value] =
    'connectionId' in by
      ? ['$1', by.connectionId]
      : ['(SELECT connection_id FROM repository WHERE id = $1)', by.repositoryId];
  const held = await db.query<unknown[]>(`SELECT 1 FROM connection WHERE id = ${id} FOR KEY SHARE`, [value]);
  if (held.length === 0) throw new NotFoundError('The connection is gone; so is what was to be done with it.');
}
