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

  /** Enqueues what the caller asked for; without a queue, the call fails. */
  add<J extends JobDefinition>(job: J, payload: z.input<J['payload']>): Promise<void> {
    return this.producer.add(job, payload);
  }

  /** Enqueues what follows from something that is committed: it stays true without a queue, and the reconciler catches up. */
  follow<J extends JobDefinition>(job: J, payload: z.input<J['payload']>): Promise<void> {
    return this.followAll(job, [payload]);
  }

  /** As {@link follow}, with many in one round trip. */
  async followAll<J extends JobDefinition>(job: J, payloads: readonly z.input<J['payload']>[]): Promise<void> {
    try {
      await this.producer.addMany(job, payloads);
    } catch (error) {
      this.logger.warn({ err: error, job: job.name }, 'a job was not enqueued; the reconciler makes up for it');
    }
  }

  /** Asks and waits for the answer. @throws JobFailedError, JobTimeoutError */
  ask<J extends JobDefinition>(job: J, payload: z.input<J['payload']>, timeoutMs: number): Promise<ResultOf<J>> {
    return this.producer.addAndWait(job, payload, timeoutMs);
  }
}
