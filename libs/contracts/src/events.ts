import { z } from 'zod';
import { doc } from './http/fields.js';

/**
 * An event of an organization's live stream. An event names the changed object and never contains its content: the
 * receiver reads the thing again with its own rights.
 */
export const liveEventSchema = z
  .object({
    type: z
      .enum(['connection', 'repository', 'ref', 'pull-request', 'project', 'deployment', 'commit-status', 'delivery'])
      .meta(doc('Kind of the changed object')),
    id: z.string().meta(doc('Id of the changed object', 'dep_01h2xcejqtf2nbrexx3vqjhp41')),
    connectionId: z.string().optional().meta(doc('Connection that it belongs to', 'con_01h2xcejqtf2nbrexx3vqjhp41')),
    repositoryId: z.string().optional().meta(doc('Repository that it belongs to', 'rep_01h2xcejqtf2nbrexx3vqjhp41')),
    projectId: z.string().optional().meta(doc('Project that it belongs to', 'prj_01h2xcejqtf2nbrexx3vqjhp41')),
  })
  .meta({ id: 'LiveEvent', description: 'Names a changed object. Read it again to see the change' });
export type LiveEvent = z.output<typeof liveEventSchema>;
