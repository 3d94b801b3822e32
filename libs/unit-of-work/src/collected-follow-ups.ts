import type { JobDefinition } from '@reunite/contracts';
import { currentTraceparent } from '@reunite/telemetry';
import type { z } from 'zod';
import type { AfterCommit } from './work.js';

interface JobBatch {
  readonly job: JobDefinition;
  readonly payloads: readonly unknown[];
  /** Of the operation that enqueued each, see `JobProducer.addMany`. */
  readonly traceparents: readonly (string | null)[];
}

interface FollowUp {
  readonly payload: unknown;
  readonly traceparent: string | null;
}

interface Task {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** Collects the follow-ups of one transaction, in the order of the calls. */
export class CollectedFollowUps implements AfterCommit {
  readonly tasks: Task[] = [];
  private readonly payloadsByKey = new Map<JobDefinition, Map<string, FollowUp>>();

  /** One batch per job, so that each job costs one round trip to the queue. */
  get jobs(): readonly JobBatch[] {
    return [...this.payloadsByKey].map(([job, byKey]) => {
      const followUps = [...byKey.values()];
      const payloads = followUps.map(({ payload }) => payload);
      return { job, payloads, traceparents: followUps.map(({ traceparent }) => traceparent) };
    });
  }

  enqueue<J extends JobDefinition>(job: J, payload: z.input<J['payload']>): void {
    const parsed = job.payload.parse(payload);
    const payloads = this.payloadsByKey.get(job) ?? new Map<string, FollowUp>();
    this.payloadsByKey.set(job, payloads);
    const key = job.key(parsed);
    if (!payloads.has(key)) payloads.set(key, { payload: parsed, traceparent: currentTraceparent() });
  }

  run(name: string, task: () => Promise<void>): void {
    this.tasks.push({ name, run: task });
  }
}
