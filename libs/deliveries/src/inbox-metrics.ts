import { timeOfId } from '@reunite/contracts';
import { Gauge } from 'prom-client';

interface PendingRow {
  /** The oldest pending delivery; null if none is pending. */
  readonly id: string | null;
  readonly count: number;
}

/** Runs a query and returns its rows. */
type Query = (sql: string) => Promise<readonly PendingRow[]>;

/** Reads the index of pending deliveries only. */
const PENDING = `SELECT min(id) AS id, count(*)::int AS count FROM webhook_delivery
  WHERE processed_at IS NULL AND failed_at IS NULL`;

let query: Query | null = null;
let reading: Promise<PendingRow | null> | null = null;

const lag = new Gauge({
  name: 'webhook_inbox_lag_seconds',
  help: 'Age of the oldest delivery that waits to be processed; 0 if none waits, NaN if the database is unreachable',
  collect: async () => {
    const row = await pendingRow();
    lag.set(row === null ? NaN : secondsSince(row.id));
  },
});

const pending = new Gauge({
  name: 'webhook_inbox_pending_deliveries',
  help: 'Deliveries that wait to be processed; NaN if the database is unreachable',
  collect: async () => {
    pending.set((await pendingRow())?.count ?? NaN);
  },
});

/**
 * Serves the lag of the inbox in the metrics of this process.
 *
 * @param read with the inbox's schema on the search path; null to stop
 */
export function watchInbox(read: Query | null): void {
  query = read;
}

/** One query per scrape. */
function pendingRow(): Promise<PendingRow | null> {
  if (query === null) return Promise.resolve(null);
  reading ??= query(PENDING)
    .then(
      ([row]) => row ?? null,
      () => null,
    )
    .finally(() => (reading = null));
  return reading;
}

function secondsSince(id: string | null): number {
  return id === null ? 0 : Math.max(0, Date.now() - timeOfId(id)) / 1_000;
}
