import { isCoded } from '@reunite/contracts';
import pLimit from 'p-limit';
import type { DataSource } from 'typeorm';
import { CredentialEntity } from '../credentials/credential.entity.js';
import type { CredentialBinding, Envelope, SealedCredential } from '../envelope/envelope.js';
import type { KekReference, WrappedKey } from '../kek/kek-provider.js';

export interface KekRotationProgress {
  readonly rewrapped: number;
  /** Credentials that do not decrypt. They stay unchanged. */
  readonly failed: number;
  readonly total: number;
}

type Row = Required<CredentialBinding> & SealedCredential;

const BATCH = 500;
/** Concurrent calls to the key service. */
const MAX_CONCURRENT_CALLS = 16;

const outdatedSql = `
  SELECT connection_id AS "connectionId", organization_id AS "organizationId", origin, kind, subject, version,
    kek_id AS "kekId", kek_version AS "kekVersion", wrapped_dek AS "wrappedDek", nonce, ciphertext, tag
  FROM credential JOIN connection ON connection.id = connection_id
  WHERE (kek_id, kek_version) <> ($1, $2) AND (connection_id, kind, subject, version) > ($3, $4, $5, $6)
  ORDER BY connection_id, kind, subject, version LIMIT ${BATCH}`;

/** Updates a row only if its data key is still wrapped as it was read, so concurrent rotations do no harm. */
const rewrapSql = `
  UPDATE credential SET kek_id = $1, kek_version = $2, wrapped_dek = new.wrapped
  FROM unnest($3::text[], $4::text[], $5::text[], $6::integer[], $7::bytea[], $8::bytea[])
    AS new (connection_id, kind, subject, version, unwrapped_before, wrapped)
  WHERE (credential.connection_id, credential.kind, credential.subject, credential.version)
      = (new.connection_id, new.kind, new.subject, new.version)
    AND credential.wrapped_dek = new.unwrapped_before
  RETURNING credential.version`;

/**
 * Wraps every data key by the current KEK while the vault runs: a row is readable before and after its update, and the
 * credentials themselves are not decrypted. After a kill, the next run continues with the rows that are not wrapped by
 * the current KEK.
 */
export async function* rotateKek(
  dataSource: DataSource,
  envelope: Envelope,
  current: KekReference,
): AsyncGenerator<KekRotationProgress, void, undefined> {
  const total = await countOutdated(dataSource, current);
  let after: [string, string, string, number] = ['', '', '', 0];
  let progress: KekRotationProgress = { rewrapped: 0, failed: 0, total };
  for (;;) {
    const rows: Row[] = await dataSource.query(outdatedSql, [current.kekId, current.kekVersion, ...after]);
    const last = rows.at(-1);
    if (!last) return;
    after = [last.connectionId, last.kind, last.subject, last.version];
    const limit = pLimit(MAX_CONCURRENT_CALLS);
    const results = await Promise.allSettled(
      rows.map((row) => limit(async () => ({ row, wrapped: await envelope.rewrap(row, row) }))),
    );
    const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await store(dataSource, done);
    // An unavailable key service proves nothing about the credentials: stop, and continue with the next run.
    for (const result of results) {
      if (result.status === 'rejected' && isCoded(result.reason) && result.reason.retryable) throw result.reason;
    }
    progress = {
      total,
      rewrapped: progress.rewrapped + done.length,
      failed: progress.failed + rows.length - done.length,
    };
    yield progress;
  }
}

export function countOutdated(dataSource: DataSource, { kekId, kekVersion }: KekReference): Promise<number> {
  return dataSource
    .getRepository(CredentialEntity)
    .createQueryBuilder('credential')
    .where('(credential.kek_id, credential.kek_version) <> (:kekId, :kekVersion)', { kekId, kekVersion })
    .getCount();
}

/** Grouped by KEK: a provider may have got a new version in the middle of a batch. */
async function store(dataSource: DataSource, done: readonly { row: Row; wrapped: WrappedKey }[]): Promise<void> {
  for (const version of new Set(done.map(({ wrapped }) => wrapped.kekVersion))) {
    const group = done.filter(({ wrapped }) => wrapped.kekVersion === version);
    await dataSource.query(rewrapSql, [
      group[0]?.wrapped.kekId,
      version,
      group.map(({ row }) => row.connectionId),
      group.map(({ row }) => row.kind),
      group.map(({ row }) => row.subject),
      group.map(({ row }) => row.version),
      group.map(({ row }) => row.wrappedDek),
      group.map(({ wrapped }) => wrapped.wrappedDek),
    ]);
  }
}
