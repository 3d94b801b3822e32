import { z } from 'zod';

/** An error as every HTTP answer gives it: RFC 9457 `application/problem+json`, with `code` stable and `detail` for people. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    faults: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    head: z.string().optional().meta({
      description: 'Of `commit-conflict`: where the branch stands; `faults` name the files that differ there.',
    }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof problemSchema>;
