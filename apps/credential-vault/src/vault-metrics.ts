import { Counter, Gauge } from 'prom-client';

const tokens = new Counter({
  name: 'vault_token_requests_total',
  help: 'Requests for tokens by kind (installation, user) and result: cached, minted or failed',
  labelNames: ['kind', 'result'],
});

const audited = new Counter({
  name: 'vault_audit_records_total',
  help: 'Records that were appended to the audit log',
});

const unaudited = new Counter({
  name: 'vault_audit_failures_total',
  help: 'Failed calls whose audit record could not be written. A successful call without a record is not answered',
});

interface WrappedCredentials {
  readonly kek: string;
  readonly version: number;
  readonly count: number;
  /** Seconds since 1970. */
  readonly oldest: number;
}

type Query = (sql: string) => Promise<readonly WrappedCredentials[]>;

const WRAPPED = `SELECT kek_id AS kek, kek_version AS version, count(*)::int AS count,
  extract(epoch FROM min(created_at))::float8 AS oldest FROM credential GROUP BY 1, 2`;

let query: Query | null = null;

const credentials = new Gauge({
  name: 'vault_kek_credentials',
  help: 'Credentials that a version of a KEK wraps',
  labelNames: ['kek', 'version'],
  collect: async () => {
    const rows = await query?.(WRAPPED).catch(() => []);
    credentials.reset();
    oldest.reset();
    for (const { kek, version, count, oldest: since } of rows ?? []) {
      credentials.set({ kek, version }, count);
      oldest.set({ kek, version }, since);
    }
  },
});

const oldest: Gauge = new Gauge({
  name: 'vault_kek_oldest_credential_timestamp_seconds',
  help: 'Creation of the oldest credential that a version of a KEK wraps: the version is at least that old',
  labelNames: ['kek', 'version'],
});

export function countToken(kind: 'installation' | 'user', result: 'cached' | 'minted' | 'failed'): void {
  tokens.inc({ kind, result });
}

export function countAuditRecords(count: number): void {
  audited.inc(count);
}

export function countUnaudited(): void {
  unaudited.inc();
}

/** Serves the KEKs in use in the metrics of this process. @param read with the schema on the search path; null to stop */
export function watchKeks(read: Query | null): void {
  query = read;
}
