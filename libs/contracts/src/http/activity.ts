import { z } from 'zod';
import { timestamp } from './timestamp.js';

/** A call that changed something in the organization, or attempted to. */
export const activitySchema = z
  .object({
    id: z.string(),
    at: timestamp,
    subject: z.string().meta({ description: 'Subject of the caller’s token' }),
    name: z.string().meta({ description: 'Name of the caller, from its token' }),
    action: z.string().meta({ description: 'The action, such as project.update' }),
    target: z.string().nullable().meta({ description: 'Id of the changed object' }),
    details: z.record(z.string(), z.string()).meta({ description: 'Details of the target, such as its branch' }),
    protocol: z.enum(['http', 'grpc']),
    address: z.string().nullable().meta({ description: 'Network address of the client' }),
    sessionId: z.string().meta({ description: 'Session of the token' }),
    outcome: z.string().meta({ description: 'ok, or the code of the error' }),
  })
  .meta({ id: 'Activity' });
export type Activity = z.output<typeof activitySchema>;
