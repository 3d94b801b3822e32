import type { JobDefinition, PayloadOf, ResultOf } from '@reunite/contracts';
import type { JobsOptions, Queue, QueueEvents } from 'bullmq';
import type { z } from 'zod';
import type { QueueBackend } from './backend.js';
import { JobFailedError } from './job-failed.error.js';
import { withState } from './job-state.js';
import { JobTimeoutError } from './job-timeout.error.js';

const DAY_SECONDS = 86_400;

/** How long finished jobs are kept for people to look at. */
const retention = {
  removeOnComplete: { age: DAY_SECONDS, count: 1_000 },
  removeOnFail: { age: 7 * DAY_SECONDS, count: 10_000 },
};

type PayloadInput<J extends JobDefinition> = z.input<J['payload']>;

/** Puts jobs into queues, typed from their declarations. Queues are opened when first used. */
export class JobProducer {
  private readonly queues = new Map<string, Queue>();
  private readonly events = new Map<string, QueueEvents>();

  constructor(
    private readonly backend: QueueBackend,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Enqueues one job; while one with the same key waits, this adds nothing. */
  async add<J extends JobDefinition>(job: J, payload: PayloadInput<J>): Promise<void> {
    await this.addMany(job, [payload]);
  }

  /** Enqueues many jobs in one round trip. */
  async addMany<J extends JobDefinition>(job: J, payloads: readonly PayloadInput<J>[]): Promise<void> {
    if (payloads.length === 0) return;
    await this.queue(job.queue).addBulk(payloads.map((payload) => this.entry(job, payload)));
  }

  /**
   * Enqueues a job and waits for its answer, because a person does.
   *
   * @throws JobFailedError with the code and message of the worker's error
   * @throws JobTimeoutError when no answer comes within `timeoutMs`; the job may still run
   */
  async ask<J extends JobDefinition>(job: J, payload: PayloadInput<J>, timeoutMs: number): Promise<ResultOf<J>> {
    const events = this.eventsOf(job.queue);
    await events.waitUntilReady();
    const data = job.payload.parse(payload);
    // Without a key: the answer of a shared job could be older than the question.
    const added = await this.queue(job.queue).add(job.name, withState(data, { timeoutMs }), optionsOf(job));
    const answer: unknown = await added.waitUntilFinished(events, timeoutMs).catch((error: unknown) => {
      throw failureOf(error, job.name, timeoutMs);
    });
    return job.result.parse(answer) as ResultOf<J>;
  }

  /** Jobs that wait, per queue that this producer has used: for metrics and readiness. */
  async depth(queue: string): Promise<number> {
    return this.queue(queue).getJobCountByTypes('waiting', 'prioritized');
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values(), ...this.events.values()].map((opened) => opened.close()));
  }

  private entry<J extends JobDefinition>(job: J, payload: PayloadInput<J>) {
    const data = job.payload.parse(payload) as PayloadOf<J>;
    const deduplication = { id: `${job.name}.${job.key(data)}`, keepLastIfActive: true };
    // BullMQ takes jobs without a priority first: https://docs.bullmq.io/guide/jobs/prioritized
    const priority = job.yields?.(data) ? { priority: 1 } : {};
    return { name: job.name, data, opts: { ...optionsOf(job), ...priority, deduplication } };
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

function optionsOf({ retry }: JobDefinition): JobsOptions {
  return { ...retention, attempts: retry.attempts, backoff: { type: 'custom', delay: retry.backoffMs } };
}

function failureOf(error: unknown, job: string, timeoutMs: number): Error {
  const message = error instanceof Error ? error.message : String(error);
  return JobFailedError.parse(message) ?? new JobTimeoutError(job, timeoutMs, error);
}
