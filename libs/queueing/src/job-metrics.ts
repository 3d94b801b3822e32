import { DURATION_BUCKETS } from '@reunite/telemetry';
import { Gauge, Histogram } from 'prom-client';
import { queueNames } from './backend.js';
import type { JobProducer } from './job-producer.js';

const duration = new Histogram({
  name: 'job_duration_seconds',
  help: 'Duration of runs of jobs, by outcome: completed, failed (for good), retried, delayed (rate limit), interrupted (the service stops)',
  labelNames: ['queue', 'job_name', 'outcome'],
  buckets: DURATION_BUCKETS,
});

const wait = new Histogram({
  name: 'job_wait_seconds',
  help: 'Time from the addition of a job to its first run',
  labelNames: ['queue', 'job_name'],
  buckets: DURATION_BUCKETS,
});

/** One run of a job, or of its start that was deferred. */
export interface MeasuredRun {
  readonly queue: string;
  readonly job: string;
}

export type RunOutcome = 'completed' | 'failed' | 'retried' | 'delayed' | 'interrupted';

export function recordRun({ queue, job }: MeasuredRun, outcome: RunOutcome, seconds: number): void {
  duration.observe({ queue, job_name: job, outcome }, seconds);
}

export function recordWait({ queue, job }: MeasuredRun, seconds: number): void {
  wait.observe({ queue, job_name: job }, Math.max(0, seconds));
}

type Reader = Pick<JobProducer, 'counts' | 'oldestWaiting'>;

let reader: Reader | null = null;

const jobs: Gauge = new Gauge({
  name: 'queue_jobs',
  help: 'Jobs of a queue, by state: waiting, active, delayed, failed. Every worker reports the same numbers: use max()',
  labelNames: ['queue', 'state'],
  collect: () => collect((queue, from) => collectCounts(queue, from)),
});

const oldest: Gauge = new Gauge({
  name: 'queue_oldest_waiting_job_seconds',
  help: 'Age of the job of a queue that waits for the longest time; 0 if none waits',
  labelNames: ['queue'],
  collect: () => collect(async (queue, from) => oldest.set({ queue }, ageOf(await from.oldestWaiting(queue)))),
});

/** Serves the depth and age of all queues in the metrics of this process. @param from null to stop */
export function watchQueues(from: Reader | null): void {
  reader = from;
}

/** Without the queue there are no numbers: a missing series is better than an old one. */
async function collect(read: (queue: string, from: Reader) => Promise<void>): Promise<void> {
  const from = reader;
  if (!from) return;
  await Promise.all(queueNames.map((queue) => read(queue, from))).catch(() => {
    jobs.reset();
    oldest.reset();
  });
}

async function collectCounts(queue: string, from: Reader): Promise<void> {
  for (const [state, count] of Object.entries(await from.counts(queue))) jobs.set({ queue, state }, count);
}

function ageOf(since: Date | null): number {
  return since === null ? 0 : Math.max(0, Date.now() - since.getTime()) / 1_000;
}
