import { isCoded } from '@reunite/contracts';
import type { JobDefinition } from '@reunite/contracts';
import type { JobHandler } from '@reunite/queueing';
import type { z } from 'zod';

type Job = JobDefinition<string, string, z.ZodType, z.ZodNull>;

/**
 * Completes a job whose connection, or a row below it, was deleted while the job waited or ran. The vault may have
 * deleted the connection first. There is nothing left to do, and nothing to warn about.
 */
export function ignoreDeleted<J extends Job>(handler: JobHandler<J>): JobHandler<Job> {
  return {
    handle: async (payload, run) => {
      try {
        return await handler.handle(payload as never, run);
      } catch (error) {
        if (isCoded(error) && error.code === 'not-found') return null;
        throw error;
      }
    },
  };
}
