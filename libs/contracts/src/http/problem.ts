import { z } from 'zod';

/** Body of every HTTP error: `application/problem+json` (RFC 9457). `code` is stable, `detail` is for users. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    violations: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    head: z.string().optional().meta({
      description: 'Head of the branch, for `commit-conflict`; `violations` name the files that differ there.',
    }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof problemSchema>;
