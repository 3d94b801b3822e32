// Loads of bench `ingest` that are larger than what the machine can process at the same time.
import { readFile } from 'node:fs/promises';

const BURST = { warmupMs: 0, ms: 10_000, perSecond: 5_000 };
const MAX_DRAIN_MS = 120_000;
/** The largest payload of GHES. */
const FLOOD_BYTES = 25 * 1024 * 1024;
const FLOOD_REQUESTS = 96;

/** 50,000 deliveries in 10 s, with the worker beside it: how they are answered, and when the last one is processed. */
export async function measureBurst(pool, loader, target, log) {
  const startedAt = performance.now();
  const { statuses, p50, p99 } = await loader.run({ ...target, ...BURST });
  const sentAt = performance.now();
  const waiting = async () => {
    const { rows } = await pool.query(
      'SELECT count(*)::int AS count FROM webhook_delivery WHERE processed_at IS NULL AND failed_at IS NULL',
    );
    return rows[0].count;
  };
  const backlog = await waiting();
  while ((await waiting()) > 0 && performance.now() - sentAt < MAX_DRAIN_MS) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const figures = {
    burstSentS: seconds(sentAt - startedAt),
    burstBacklog: backlog,
    burstDrainedS: seconds(performance.now() - sentAt),
    burstP50Ms: Math.round(p50),
    burstP99Ms: Math.round(p99),
  };
  log(`burst: ${JSON.stringify(statuses)} ${JSON.stringify(figures)}, ${await waiting()} left`);
  return figures;
}

/** Signed bodies of 25 MB over all connections. @returns resident memory of the service before, and its peak */
export async function measureFlood(loader, pid, target, log) {
  const body = `{"padding":"${'x'.repeat(FLOOD_BYTES - 14)}"}`;
  const beforeMb = (await memoryMb(pid)).now;
  const { statuses } = await loader.run({ ...target, body, requests: FLOOD_REQUESTS });
  const { peak } = await memoryMb(pid);
  const figures = { floodBeforeMb: beforeMb, floodPeakMb: peak };
  log(`flood of ${FLOOD_REQUESTS} bodies of 25 MB: ${JSON.stringify(statuses)} ${JSON.stringify(figures)}`);
  return figures;
}

/** Resident memory from /proc (Linux). */
async function memoryMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const of = (name) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]) / 1024);
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

function seconds(ms) {
  return Number((ms / 1_000).toFixed(1));
}
