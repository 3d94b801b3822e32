import { Inject, Injectable } from '@nestjs/common';
import type { JobDefinition, ResultOf } from '@reunite/contracts';
import { JobProducer } from '@reunite/queueing';
import type { z } from 'zod';
import { LOGGER } from '../../logger.js';
import type { Logger } from '../../logger.js';

/** Jobs that the API enqueues for the workers. */
@Injectable()
export class JobRequests {
  constructor(
    private readonly producer: JobProducer,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Enqueues a job that the caller requested. Rejects if the queue is unavailable. */
  add<J extends JobDefinition>(job: J, payload: z.input<J['payload']>): Promise<void> {
    return this.producer.add(job, payload);
  }

  /** Enqueues a follow-up job of a committed change. Never rejects: without a queue, the sweeper enqueues it later. */
  follow<J extends JobDefinition>(job: J, payload: z.input<J['payload']>): Promise<void> {
    return this.followAll(job, [payload]);
  }

  /** Like {@link follow}, for many jobs in one round trip. */
  async followAll<J extends JobDefinition>(job: J, payloads: readonly z.input<J['payload']>[]): Promise<void> {
    try {
      await this.producer.addMany(job, payloads);
    } catch (error) {
      this.logger.warn({ err: error, job: job.name }, 'job not enqueued; the sweeper will enqueue it');
    }
  }

  /** Enqueues an interactive job and waits for its result. @throws JobFailedError, JobTimeoutError */
  ask<J extends JobDefinition>(job: J, payload: z.input<J['payload']>, timeoutMs: number): Promise<ResultOf<J>> {
    return this.producer.addAndWait(job, payload, timeoutMs);
  }
}
