import { isCoded, jobs } from '@reunite/contracts';
import type { JobDefinition, JobKey, PayloadOf, ResultOf } from '@reunite/contracts';
import { DelayedError, UnrecoverableError } from 'bullmq';
import type { Job, Worker } from 'bullmq';
import type { QueueBackend } from './backend.js';
import { backoffMs, dispositionOf } from './disposition.rules.js';
import { failureText } from './job-failed.error.js';
import { queueNames } from './queue-names.js';
import { DeferredError, Fairness } from './fairness/fairness.js';
import type { FairnessSettings } from './fairness/fairness.js';
import { stateOf, withState } from './job-state.js';
import { JobTimeoutError } from './job-timeout.error.js';
import { MissingHandlerError } from './missing-handler.error.js';

/** What a handler knows of the run besides its payload. */
export interface JobRun {
  /** From 1; a later one means that an earlier run failed. */
  readonly attempt: number;
  readonly lastAttempt: boolean;
  /** Whether a run of this job began before, also one that died with its process, which spends no attempt. */
  readonly again: boolean;
  /** Aborted when the service stops: end at the next safe place. */
  readonly signal: AbortSignal;
}

/** A job's handler. It can run twice at any line, and says beside its code why that is safe. */
export interface JobHandler<J extends JobDefinition> {
  handle(payload: PayloadOf<J>, run: JobRun): Promise<ResultOf<J>>;
}

/** One handler for every declared job: a missing one does not compile. */
export type JobHandlers = { readonly [Key in JobKey]: JobHandler<(typeof jobs)[Key]> };

export interface WorkerSettings {
  /** Jobs of one queue that run at the same time in this process. */
  readonly concurrency: Readonly<Record<string, number>>;
  /** How often is looked for jobs whose worker is lost, in milliseconds. Default: 10,000. */
  readonly stalledIntervalMs?: number;
  /** How slots are shared between connections. Default: first come, first served. */
  readonly fairness?: FairnessSettings;
  readonly onError: (error: unknown, job?: { name: string; id: string | undefined; attempt: number }) => void;
}

const DEFAULT_CONCURRENCY = 4;

/** More often than BullMQ does by itself: a person who waits for a job should still be there when it runs again. */
const DEFAULT_STALLED_INTERVAL_MS = 10_000;

/** Works on every queue, with one BullMQ worker each. */
export class JobWorkers {
  private readonly stopping = new AbortController();
  private readonly fairness: Fairness | null;

  private constructor(
    private readonly workers: Worker[],
    settings: WorkerSettings,
  ) {
    this.fairness = settings.fairness ? new Fairness(settings.fairness, slotsOf(settings)) : null;
  }

  /** @throws MissingHandlerError when a declared job has no handler, whatever the compiler was told. */
  static async start(backend: QueueBackend, handlers: JobHandlers, settings: WorkerSettings): Promise<JobWorkers> {
    const keys = Object.keys(jobs) as JobKey[];
    const found: Partial<JobHandlers> = handlers;
    const missing = keys.filter((key) => typeof found[key]?.handle !== 'function');
    if (missing.length > 0) throw new MissingHandlerError(missing);

    const workers: Worker[] = [];
    const running = new JobWorkers(workers, settings);
    for (const queue of queueNames) {
      const ofQueue = keys.filter((key) => jobs[key].queue === queue);
      const byName = new Map<string, JobKey>(ofQueue.map((key) => [jobs[key].name, key]));
      const worker = backend.worker(queue, (job, token) => running.run(job, token, byName, handlers, settings), {
        concurrency: slotsOf(settings)(queue),
        // A worker that is killed again and again while it holds a job is not the job's fault; attempts count that.
        maxStalledCount: 10,
        stalledInterval: settings.stalledIntervalMs ?? DEFAULT_STALLED_INTERVAL_MS,
        settings: {
          backoffStrategy: (attempt, _type, _error, job) => backoffMs(baseDelay(job), attempt, Math.random()),
        },
      });
      worker.on('error', (error) => settings.onError(error));
      workers.push(worker);
    }
    await Promise.all(workers.map((worker) => worker.waitUntilReady()));
    return running;
  }

  /** Takes no more jobs and waits for those that run. */
  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.workers.map((worker) => worker.close()));
  }

  private async run(
    job: Job,
    token: string | undefined,
    byName: ReadonlyMap<string, JobKey>,
    handlers: JobHandlers,
    settings: WorkerSettings,
  ): Promise<unknown> {
    const attempt = job.attemptsMade + 1;
    try {
      const key = byName.get(job.name);
      if (!key)
        throw new UnrecoverableError(failureText({ code: 'unknown-job', message: `No job is named "${job.name}".` }));
      const payload = jobs[key].payload.safeParse(job.data);
      if (!payload.success) {
        const message = `Job ${job.name}: ${payload.error.message}`;
        throw new UnrecoverableError(failureText({ code: 'invalid-payload', message }));
      }
      const handler = handlers[key] as JobHandler<JobDefinition>;
      // A deferred job was started, but its handler was not.
      const again = job.attemptsStarted - deferralsOf(job) > 1;
      const run = { attempt, again, lastAttempt: attempt >= (job.opts.attempts ?? 1) };
      const handle = () =>
        withinDeadline(job, this.stopping.signal, (signal) => handler.handle(payload.data, { ...run, signal }));
      const interactive = stateOf(job).timeoutMs !== undefined;
      return await (this.fairness
        ? this.fairness.run({ queue: job.queueName, interactive }, payload.data, handle)
        : handle());
    } catch (error) {
      if (error instanceof DeferredError) throw await deferred(error, job, token);
      settings.onError(error, { name: job.name, id: job.id, attempt });
      throw await failure(error, job, token);
    }
  }
}

type Handle<Result> = (signal: AbortSignal) => Promise<Result>;

function slotsOf({ concurrency }: WorkerSettings): (queue: string) => number {
  return (queue) => concurrency[queue] ?? DEFAULT_CONCURRENCY;
}

/**
 * Ends an interactive job when its caller waits no longer, so that its slot is free for others. The signal of its handler
 * is aborted.
 *
 * @throws JobTimeoutError at that time
 */
async function withinDeadline<Result>(job: Job, signal: AbortSignal, handle: Handle<Result>): Promise<Result> {
  const { timeoutMs } = stateOf(job);
  if (timeoutMs === undefined) return handle(signal);
  const expired = new AbortController();
  const timeout = new Promise<never>((_, reject) => {
    expired.signal.addEventListener('abort', () => reject(new JobTimeoutError(job.name, timeoutMs)));
  });
  const timer = setTimeout(() => expired.abort(), job.timestamp + timeoutMs - Date.now());
  try {
    return await Promise.race([handle(AbortSignal.any([signal, expired.signal])), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Puts a job back without spending an attempt. */
async function deferred({ until }: DeferredError, job: Job, token: string | undefined): Promise<Error> {
  await job.updateData(withState(job.data, { deferrals: deferralsOf(job) + 1 }));
  await job.moveToDelayed(until.getTime(), token);
  return new DelayedError();
}

function deferralsOf(job: Job): number {
  return stateOf(job).deferrals ?? 0;
}

function baseDelay(job: { opts: Job['opts'] } | undefined): number {
  const backoff = job?.opts.backoff;
  return typeof backoff === 'object' ? (backoff.delay ?? 1_000) : 1_000;
}

/** Turns an error into what BullMQ acts on: later, never, or again after its backoff. */
async function failure(error: unknown, job: Job, token: string | undefined): Promise<Error> {
  if (error instanceof UnrecoverableError) return error;
  const disposition = dispositionOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const { code, retryable } = isCoded(error) ? error : { code: 'internal', retryable: true };
  const text = failureText({ code, message, retryable });
  switch (disposition.kind) {
    case 'wait':
      await job.moveToDelayed(disposition.until.getTime(), token);
      return new DelayedError();
    case 'fail':
      return new UnrecoverableError(text);
    case 'retry':
      return new Error(text, { cause: error });
  }
}
