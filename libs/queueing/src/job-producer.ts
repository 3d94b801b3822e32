import type { JobDefinition, ResultOf } from '@reunite/contracts';
import type { UserActions } from '@reunite/database';
import { currentTraceparent } from '@reunite/telemetry';
import type { JobsOptions, Queue, QueueEvents } from 'bullmq';
import type { z } from 'zod';
import type { QueueBackend } from './backend.js';
import { JobFailedError } from './job-failed.error.js';
import { withState } from './job-state.js';
import { JobTimeoutError } from './job-timeout.error.js';

const DAY_SECONDS = 86_400;

/** Finished jobs are kept for inspection, up to these ages and counts. */
const RETENTION = {
  removeOnComplete: { age: DAY_SECONDS, count: 1_000 },
  removeOnFail: { age: 7 * DAY_SECONDS, count: 10_000 },
};

type PayloadInput<J extends JobDefinition> = z.input<J['payload']>;

/** Adds jobs to queues, typed by their definitions. A queue is opened when it is first used. */
export class JobProducer {
  private readonly queues = new Map<string, Queue>();
  private readonly events = new Map<string, QueueEvents>();

  /**
   * @param onError receives connection errors of the queue
   * @param userActions stores the payloads of user actions; only the API needs it
   */
  constructor(
    private readonly backend: QueueBackend,
    private readonly onError: (error: unknown) => void,
    private readonly userActions: Pick<UserActions, 'save'> | null = null,
  ) {}

  /** Adds a job. While a job with the same key waits, this adds nothing. */
  async add<J extends JobDefinition>(job: J, payload: PayloadInput<J>): Promise<void> {
    await this.addMany(job, [payload]);
  }

  /**
   * Adds many jobs in one round trip.
   *
   * @param traceparents of the operation that causes each job. Default: the one that runs
   */
  async addMany<J extends JobDefinition>(
    job: J,
    payloads: readonly PayloadInput<J>[],
    traceparents: readonly (string | null)[] = [],
  ): Promise<void> {
    if (payloads.length === 0) return;
    const current = currentTraceparent();
    const entries = payloads.map((payload, index) => {
      const parsed = job.payload.parse(payload);
      const data = traced(parsed, traceparents[index] ?? current);
      const deduplication = { id: `${job.name}.${job.key(parsed)}`, keepLastIfActive: true };
      // BullMQ runs jobs without a priority first: https://docs.bullmq.io/guide/jobs/prioritized
      const priority = job.lowPriority?.(parsed) ? { priority: 1 } : {};
      return { name: job.name, data, opts: { ...optionsOf(job), ...priority, deduplication } };
    });
    await this.queue(job.queue).addBulk(entries);
  }

  /**
   * Adds an interactive job and waits for its result.
   *
   * @throws JobFailedError with the code and message of the worker's error
   * @throws JobTimeoutError if there is no result within `timeoutMs`; the job may still run
   */
  async addAndWait<J extends JobDefinition>(job: J, payload: PayloadInput<J>, timeoutMs: number): Promise<ResultOf<J>> {
    const events = this.eventsOf(job.queue);
    await events.waitUntilReady();
    const data = await this.dataOf(job, payload);
    // Not deduplicated: the result of a shared job could be older than this request.
    const added = await this.queue(job.queue).add(
      job.name,
      withState(traced(data, currentTraceparent()), { timeoutMs }),
      optionsOf(job),
    );
    const result: unknown = await added.waitUntilFinished(events, timeoutMs).catch((error: unknown) => {
      throw failureOf(error, job.name, timeoutMs);
    });
    return job.result.parse(result) as ResultOf<J>;
  }

  /** Number of jobs that wait in a queue. */
  async depth(queue: string): Promise<number> {
    return this.queue(queue).getJobCountByTypes('waiting', 'prioritized');
  }

  /** Numbers of jobs of a queue, by state. */
  async counts(queue: string): Promise<Readonly<Record<'waiting' | 'active' | 'delayed' | 'failed', number>>> {
    const {
      waiting = 0,
      prioritized = 0,
      active = 0,
      delayed = 0,
      failed = 0,
    } = await this.queue(queue).getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
    return { waiting: waiting + prioritized, active, delayed, failed };
  }

  /** When the job that waits for the longest time was added; null if none waits. */
  async oldestWaiting(queue: string): Promise<Date | null> {
    const waiting = await this.queue(queue).getJobs(['waiting', 'prioritized'], 0, 0, true);
    const times = waiting.map(({ timestamp }) => timestamp);
    return times.length === 0 ? null : new Date(Math.min(...times));
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values(), ...this.events.values()].map((opened) => opened.close()));
    await this.backend.close();
  }

  private async dataOf<J extends JobDefinition>(job: J, payload: PayloadInput<J>): Promise<unknown> {
    const data: unknown = job.payload.parse(payload);
    if (!job.userAction) return data;
    if (!this.userActions) throw new Error(`Only the API adds ${job.name} jobs: they act on behalf of a user.`);
    return { userActionId: await this.userActions.save(job.name, data) };
  }

  private queue(name: string): Queue {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = this.backend.queue(name, {});
      queue.on('error', this.onError);
      this.queues.set(name, queue);
    }
    return queue;
  }

  private eventsOf(name: string): QueueEvents {
    let events = this.events.get(name);
    if (!events) {
      events = this.backend.events(name);
      events.on('error', this.onError);
      this.events.set(name, events);
    }
    return events;
  }
}

function traced(data: unknown, traceparent: string | null): unknown {
  return traceparent === null ? data : withState(data, { traceparent });
}

function optionsOf({ retry }: JobDefinition): JobsOptions {
  return { ...RETENTION, attempts: retry.attempts, backoff: { type: 'custom', delay: retry.backoffMs } };
}

function failureOf(error: unknown, job: string, timeoutMs: number): Error {
  const message = error instanceof Error ? error.message : String(error);
  return JobFailedError.parse(message) ?? new JobTimeoutError(job, timeoutMs, error);
}
