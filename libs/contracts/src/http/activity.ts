import { z } from 'zod';
import { timestamp } from './timestamp.js';

/** A call that changed something in the organization, or tried to. */
export const activitySchema = z
  .object({
    id: z.string(),
    at: timestamp,
    subject: z.string().meta({ description: 'Subject of the token of the caller' }),
    name: z.string().meta({ description: 'Name of the caller, as the token had it' }),
    action: z.string().meta({ description: 'What was done, such as project.update' }),
    target: z.string().nullable().meta({ description: 'Id of what was changed' }),
    details: z.record(z.string(), z.string()).meta({ description: 'More about the target, such as its branch' }),
    protocol: z.enum(['http', 'grpc']),
    address: z.string().nullable().meta({ description: 'Network address of the client' }),
    sessionId: z.string().meta({ description: 'Session of the token' }),
    outcome: z.string().meta({ description: 'ok, or the code of the error' }),
  })
  .meta({ id: 'Activity' });
export type Activity = z.output<typeof activitySchema>;
