import { z } from 'zod';

/** A file that a comparison or a pull request changes. */
export const changedFileSchema = z.looseObject({
  /** The blob's; null for a submodule. */
  sha: z.string().nullable(),
  filename: z.string(),
  previous_filename: z.string().optional(),
  status: z.enum(['added', 'removed', 'modified', 'renamed', 'copied', 'changed', 'unchanged']),
  additions: z.number(),
  deletions: z.number(),
  /** Absent for binary files and for large changes. */
  patch: z.string().optional(),
});

export type ChangedFile = z.output<typeof changedFileSchema>;
