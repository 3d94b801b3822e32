import { z } from 'zod';

/**
 * An event of an organization's live stream. An event names the changed object and never contains its content: the
 * receiver reads the thing again with its own rights.
 */
export const liveEventSchema = z.object({
  type: z.enum([
    'connection',
    'repository',
    'ref',
    'pull-request',
    'project',
    'deployment',
    'commit-status',
    'delivery',
  ]),
  id: z.string(),
  connectionId: z.string().optional(),
  repositoryId: z.string().optional(),
  projectId: z.string().optional(),
});
export type LiveEvent = z.output<typeof liveEventSchema>;
