import { CodedError, jobs } from '@reunite/contracts';
import type { JobDefinition, JobKey, PayloadOf, QueueName, ResultOf } from '@reunite/contracts';
import type { UserActions } from '@reunite/database';
import { addLogFields, addSpanIds, withLogFields, withSpan } from '@reunite/telemetry';
import type { LogFields, SpanSettings } from '@reunite/telemetry';
import { DelayedError } from 'bullmq';
import type { Job, Worker } from 'bullmq';
import { z } from 'zod';
import { queueNames } from './backend.js';
import type { QueueBackend } from './backend.js';
import { backoffMs, dispositionOf } from './disposition.rules.js';
import { DeferredError, Fairness } from './fairness/fairness.js';
import type { FairnessSettings } from './fairness/fairness.js';
import {
  deferralsOf,
  deferred,
  failure,
  InterruptedError,
  isFinal,
  isLastAttempt,
  putBack,
  rejected,
} from './job-outcome.js';
import { recordRun, recordWait } from './job-metrics.js';
import type { MeasuredRun, RunOutcome } from './job-metrics.js';
import { withJobSignal } from './job-signal.js';
import { stateOf } from './job-state.js';
import { JobTimeoutError } from './job-timeout.error.js';

/** Context of one run of a job, besides its payload. */
export interface JobRun {
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  readonly lastAttempt: boolean;
  /** True if a run of this job started before, even one whose process was killed (which uses up no attempt). */
  readonly isRerun: boolean;
  /**
   * Aborted when the job's result is of no use any longer: the caller's deadline passed, the job's lock was lost, or
   * the service stops. Requests to servers end with it, see {@link jobSignal}.
   */
  readonly signal: AbortSignal;
}

/** Handles one kind of job. It may run twice at any line; its code explains why that is safe. */
export interface JobHandler<J extends JobDefinition> {
  handle(payload: PayloadOf<J>, run: JobRun): Promise<ResultOf<J>>;
}

/** One handler per declared job: a missing one does not compile. */
export type JobHandlers = { readonly [Key in JobKey]: JobHandler<(typeof jobs)[Key]> };

export interface WorkerSettings {
  /** Jobs of one queue that run at the same time in this process. Default: 4 per queue. */
  readonly concurrency: Readonly<Record<string, number>>;
  /** Interval between checks for jobs whose worker died, in milliseconds. Default: 10,000. */
  readonly stalledIntervalMs?: number;
  /** Validity of a job's lock, in milliseconds; it is renewed after half of that. Default: 30,000. */
  readonly lockDurationMs?: number;
  /** Shares of slots per connection. Default: first come, first served. */
  readonly fairness?: FairnessSettings;
  /** The payloads of jobs that act on behalf of a user. */
  readonly userActions: Pick<UserActions, 'claim' | 'remove'>;
  readonly onError: (error: unknown, job?: { name: string; id: string | undefined; attempt: number }) => void;
}

const DEFAULT_CONCURRENCY = 4;

/** Time that interactive jobs have to finish when the service stops, in milliseconds: they may be writing. */
const INTERACTIVE_GRACE_MS = 3_000;

/** Shorter than BullMQ's 30 s, so that an interactive job runs again while its caller still waits. */
const DEFAULT_STALLED_INTERVAL_MS = 10_000;

/**
 * Pause before a worker contacts an unreachable queue server again. `Worker.close()` cannot interrupt it, and it delays
 * the first job after a restart of the server; BullMQ's default is 15 s:
 * https://api.docs.bullmq.io/interfaces/v5.WorkerOptions.html#runretrydelay
 */
const RETRY_DELAY_MS = 1_000;

/** A declared job has no handler; the worker does not start. */
export class MissingHandlerError extends CodedError {
  readonly code = 'missing-job-handler';

  constructor(keys: readonly string[]) {
    super(`No handler is registered for ${keys.join(', ')}. Every job in libs/contracts needs one in the worker.`);
  }
}

const userActionSchema = z.object({ userActionId: z.string() });

/** Runs the jobs of every queue, with one BullMQ worker per queue. */
export class JobWorkers {
  /** Aborted when the service stops. */
  private readonly stopping = new AbortController();
  /** Aborted a little later, for interactive jobs. */
  private readonly graceEnded = new AbortController();
  private readonly workers: Worker[] = [];
  private readonly fairness: Fairness | null;

  private constructor(
    private readonly backend: QueueBackend,
    private readonly handlers: JobHandlers,
    private readonly settings: WorkerSettings,
  ) {
    this.fairness = settings.fairness ? new Fairness(settings.fairness, slotsOf(settings)) : null;
  }

  /** @throws MissingHandlerError if a declared job has no handler at run time */
  static async start(backend: QueueBackend, handlers: JobHandlers, settings: WorkerSettings): Promise<JobWorkers> {
    const keys = Object.keys(jobs) as JobKey[];
    const registered: Partial<JobHandlers> = handlers;
    const missing = keys.filter((key) => typeof registered[key]?.handle !== 'function');
    if (missing.length > 0) throw new MissingHandlerError(missing);

    const running = new JobWorkers(backend, handlers, settings);
    for (const queue of queueNames) running.open(queue);
    await Promise.all(running.workers.map((worker) => worker.waitUntilReady()));
    return running;
  }

  /** Takes no more jobs, aborts the running ones and puts them back. Interactive jobs may finish for a few seconds. */
  async close(): Promise<void> {
    this.stopping.abort();
    const grace = setTimeout(() => this.graceEnded.abort(), INTERACTIVE_GRACE_MS);
    await Promise.all(this.workers.map((worker) => worker.close()));
    await this.backend.close();
    clearTimeout(grace);
  }

  private open(queue: QueueName): void {
    const { stalledIntervalMs, lockDurationMs, onError } = this.settings;
    const keys = (Object.keys(jobs) as JobKey[]).filter((key) => jobs[key].queue === queue);
    const byName = new Map<string, JobKey>(keys.map((key) => [jobs[key].name, key]));
    const worker = this.backend.worker(queue, (job, token, lock) => this.run(job, { token, lock }, byName), {
      concurrency: slotsOf(this.settings)(queue),
      // A killed worker is not the job's fault; `attempts` limits failures of the job itself.
      maxStalledCount: 10,
      stalledInterval: stalledIntervalMs ?? DEFAULT_STALLED_INTERVAL_MS,
      runRetryDelay: RETRY_DELAY_MS,
      ...(lockDurationMs !== undefined && { lockDuration: lockDurationMs }),
      settings: {
        backoffStrategy: (attempt, _type, _error, job) => backoffMs(baseDelay(job), attempt, Math.random()),
      },
    });
    worker.on('error', (error) => onError(error));
    // Another worker runs the job now, or will soon.
    worker.on('lockRenewalFailed', (ids: string[]) => ids.forEach((id) => worker.cancelJob(id, 'The lock was lost.')));
    this.workers.push(worker);
  }

  private run(job: Job, lease: Lease, byName: ReadonlyMap<string, JobKey>): Promise<unknown> {
    // The first start, not one that was deferred: then the wait is known already.
    if (job.attemptsStarted <= 1) recordWait(measured(job), (Date.now() - job.timestamp) / 1_000);
    return withLogFields({ job: job.name }, () =>
      withSpan(`job ${job.name}`, spanOf(job), () => this.attempt(job, lease, byName)),
    );
  }

  private async attempt(job: Job, lease: Lease, byName: ReadonlyMap<string, JobKey>): Promise<unknown> {
    const { token } = lease;
    const startedAt = performance.now();
    const record = (outcome: RunOutcome) => recordRun(measured(job), outcome, (performance.now() - startedAt) / 1_000);
    const attempt = job.attemptsMade + 1;
    try {
      const key = byName.get(job.name);
      if (!key) throw rejected('unknown-job', `No job is named "${job.name}".`);
      const definition: JobDefinition = jobs[key];
      const data: unknown = definition.userAction ? await this.claim(job) : job.data;
      const payload = payloadOf(definition, data);
      addLogFields(idsOf(payload));
      addSpanIds(idsOf(payload));
      const result = await this.handle({ job, definition, lease }, payload, this.handlers[key]);
      record('completed');
      return result;
    } catch (error) {
      if (error instanceof DeferredError) throw await deferred(error, job, token);
      if (error instanceof InterruptedError) {
        record('interrupted');
        throw await putBack(job, token);
      }
      this.settings.onError(error, { name: job.name, id: job.id, attempt });
      const final = isFinal(error, job);
      record(final ? 'failed' : dispositionOf(error).kind === 'wait' ? 'delayed' : 'retried');
      if (final) await this.removeUserAction(job);
      throw await failure(error, job, token);
    }
  }

  private async handle(
    { job, definition, lease }: StartedJob,
    payload: unknown,
    handler: JobHandler<JobDefinition>,
  ): Promise<unknown> {
    const interactive = stateOf(job).timeoutMs !== undefined;
    const stop = interactive ? this.graceEnded.signal : this.stopping.signal;
    const useless = lease.lock ? AbortSignal.any([stop, lease.lock]) : stop;
    const run = {
      attempt: job.attemptsMade + 1,
      // A deferred job was started, but has done nothing.
      isRerun: job.attemptsStarted - deferralsOf(job) > 1,
      lastAttempt: isLastAttempt(job),
    };
    const handle = () =>
      withinDeadline(job, useless, (signal) =>
        withJobSignal(signal, () => handler.handle(payload, { ...run, signal })),
      ).catch((error: unknown) => {
        throw stop.aborted && dispositionOf(error).kind === 'retry' ? new InterruptedError() : error;
      });
    const result = await (this.fairness
      ? this.fairness.run({ queue: job.queueName, interactive }, payload, handle)
      : handle());
    if (definition.userAction) await this.removeUserAction(job);
    return result;
  }

  /** Reads the payload of a user action from the row that the API inserted, never from the queue. */
  private async claim(job: Job): Promise<unknown> {
    const id = userActionIdOf(job);
    const payload = id === null ? null : await this.settings.userActions.claim(id, job.name, job.id ?? '');
    if (payload !== null) return payload;
    throw rejected('unauthorized-job', `The ${job.name} job does not belong to a request of a user.`);
  }

  private async removeUserAction(job: Job): Promise<void> {
    const id = userActionIdOf(job);
    // A failure is harmless: leftover rows are removed after an hour.
    if (id !== null) await this.settings.userActions.remove(id, job.id ?? '').catch(this.settings.onError);
  }
}

/** A job's lock, which this worker holds. */
interface Lease {
  readonly token: string | undefined;
  /** Aborted when the lock is lost. */
  readonly lock: AbortSignal | undefined;
}

interface StartedJob {
  readonly job: Job;
  readonly definition: JobDefinition;
  readonly lease: Lease;
}

type Handle<Result> = (signal: AbortSignal) => Promise<Result>;

function measured({ queueName: queue, name: job }: Job): MeasuredRun {
  return { queue, job };
}

function spanOf(job: Job): SpanSettings {
  return {
    kind: 'consumer',
    parent: stateOf(job).traceparent ?? null,
    attributes: {
      'messaging.system': 'bullmq',
      'messaging.destination.name': job.queueName,
      'messaging.message.id': job.id ?? '',
      'reunite.job.attempt': job.attemptsMade + 1,
    },
    isExpected: (error) => error instanceof DelayedError,
  };
}

/** The ids of a payload, as fields of log lines and attributes of spans. */
function idsOf(payload: unknown): LogFields {
  const ids = payload as Readonly<Record<string, unknown>>;
  const named = ID_FIELDS.map(([key, field]) => [field, ids[key]] as const);
  return Object.fromEntries(named.filter(([, id]) => typeof id === 'string'));
}

const ID_FIELDS = [
  ['connectionId', 'connection'],
  ['repositoryId', 'repository'],
  ['refId', 'ref'],
  ['projectId', 'project'],
  ['deploymentId', 'deployment'],
] as const;

function userActionIdOf(job: Job): string | null {
  return userActionSchema.safeParse(job.data).data?.userActionId ?? null;
}

function slotsOf({ concurrency }: WorkerSettings): (queue: string) => number {
  return (queue) => concurrency[queue] ?? DEFAULT_CONCURRENCY;
}

function payloadOf(definition: JobDefinition, data: unknown): unknown {
  const payload = definition.payload.safeParse(data);
  if (payload.success) return payload.data;
  throw rejected('invalid-payload', `Job ${definition.name}: ${payload.error.message}`);
}

/**
 * Ends an interactive job at its caller's deadline, so that its slot is free for others. Aborts the signal of its
 * handler.
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

function baseDelay(job: { opts: Job['opts'] } | undefined): number {
  const backoff = job?.opts.backoff;
  return typeof backoff === 'object' ? (backoff.delay ?? 1_000) : 1_000;
}
