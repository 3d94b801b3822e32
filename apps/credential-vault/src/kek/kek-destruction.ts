import { fileURLToPath } from 'node:url';
import type { DataSource, EntityManager } from 'typeorm';
import type { KekReference } from './kek-provider.js';
import { KekError } from './kek.error.js';
import { dropKeyVersions } from './key-file.js';
import type { KekSettings } from './open-kek-provider.js';
import { TransitKekProvider } from './transit.kek-provider.js';

/**
 * Returns a function that irrevocably destroys the KEK's versions up to a given one.
 *
 * @throws KekError if the provider does not support that
 */
export function kekDestroyer({ url, transitTokenFile }: KekSettings): (upTo: number) => Promise<void> {
  if (url.startsWith('file:')) return (upTo) => dropKeyVersions(fileURLToPath(new URL(url)), upTo);
  if (url.startsWith('env:'))
    throw new KekError('Remove the version from the environment variable wherever it is stored.');
  if (url.startsWith('aws-kms:')) {
    throw new KekError(
      'KMS destroys whole keys only: change to a new key, run kek rotate, and schedule the deletion in KMS.',
    );
  }
  if (transitTokenFile === undefined) throw new KekError('transit needs KEK_TRANSIT_TOKEN_FILE.');
  return (upTo) => new TransitKekProvider(url, transitTokenFile).destroyUpTo(upTo);
}

/**
 * Makes the database reject credentials that are wrapped by the KEK up to this version, from the commit on.
 *
 * @param record appends the audit record, as the last statement of the transaction
 * @throws KekError while such a credential exists
 */
export async function forbidKek(
  dataSource: DataSource,
  { kekId, kekVersion }: KekReference,
  record: (manager: EntityManager) => Promise<void>,
): Promise<void> {
  await dataSource.transaction(async (manager) => {
    // Waits for running writers and blocks new ones until the commit.
    await manager.query('LOCK TABLE credential IN SHARE ROW EXCLUSIVE MODE');
    const [row]: { count: number }[] = await manager.query(
      'SELECT count(*)::integer AS count FROM credential WHERE kek_id = $1 AND kek_version <= $2',
      [kekId, kekVersion],
    );
    const count = row?.count ?? 0;
    if (count > 0)
      throw new KekError(
        `${count} credentials are wrapped by ${kekId} up to version ${kekVersion}. Run kek rotate first.`,
      );
    await manager.query(
      `INSERT INTO destroyed_kek (kek_id, version) VALUES ($1, $2) ON CONFLICT (kek_id) DO UPDATE
        SET version = greatest(destroyed_kek.version, EXCLUDED.version), destroyed_at = now()`,
      [kekId, kekVersion],
    );
    await record(manager);
  });
}
