import { Counter, Gauge } from 'prom-client';

interface PendingStatuses {
  readonly count: number;
  /** Age of the oldest one in seconds; null if none is pending. */
  readonly oldest: number | null;
}

/** Runs a query and returns its rows. */
type Query = (sql: string) => Promise<readonly PendingStatuses[]>;

/** Reads the index of pending statuses only. */
const PENDING = `SELECT count(*)::int AS count, extract(epoch FROM now() - min(created_at))::float8 AS oldest
  FROM commit_status WHERE settled_at IS NULL`;

let query: Query | null = null;
let reading: Promise<PendingStatuses | null> | null = null;

const pending: Gauge = new Gauge({
  name: 'commit_status_pending',
  help: 'Commit statuses that wait to be sent; NaN if the database is unreachable. Every worker reports the same number: use max()',
  collect: async () => {
    pending.set((await read())?.count ?? NaN);
  },
});

const oldest: Gauge = new Gauge({
  name: 'commit_status_oldest_pending_seconds',
  help: 'Age of the oldest commit status that waits to be sent; 0 if none waits, NaN if the database is unreachable',
  collect: async () => {
    const statuses = await read();
    oldest.set(statuses === null ? NaN : (statuses.oldest ?? 0));
  },
});

const settled = new Counter({
  name: 'commit_statuses_settled_total',
  help: 'Commit statuses that left the outbox, by outcome: sent, rejected (by the server, for good)',
  labelNames: ['outcome'],
});

/**
 * Serves the outbox of commit statuses in the metrics of this process.
 *
 * @param read with the schema on the search path; null to stop
 */
export function watchStatuses(read: Query | null): void {
  query = read;
}

export function countSettled(outcome: 'sent' | 'rejected'): void {
  settled.inc({ outcome });
}

/** One query per scrape. */
function read(): Promise<PendingStatuses | null> {
  if (query === null) return Promise.resolve(null);
  reading ??= query(PENDING)
    .then(
      ([row]) => row ?? null,
      () => null,
    )
    .finally(() => (reading = null));
  return reading;
}
