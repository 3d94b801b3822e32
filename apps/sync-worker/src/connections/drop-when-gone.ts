import { isCoded } from '@reunite/contracts';
import type { JobDefinition } from '@reunite/contracts';
import type { JobHandler } from '@reunite/queueing';
import type { z } from 'zod';

type Job = JobDefinition<string, string, z.ZodType, z.ZodNull>;

/**
 * A connection may be deleted, here or first in the vault, while jobs below it wait and run. What they were for is gone:
 * they end, and nobody is warned.
 */
export function dropWhenGone<J extends Job>(handler: JobHandler<J>): JobHandler<Job> {
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
