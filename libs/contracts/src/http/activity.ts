import { z } from 'zod';
import { doc, idField } from './fields.js';
import { timestamp } from './timestamp.js';

/** A call that changed something in the organization, or attempted to. */
export const activitySchema = z
  .object({
    id: idField('activity', 'Id of the entry'),
    at: timestamp.meta(doc('When the call ended')),
    subject: z.string().meta(doc('Subject of the caller’s token', 'auth0|5f7c8ec7c33c6c004bbafe82')),
    name: z.string().meta(doc('Name of the caller, from its token', 'Ada Lovelace')),
    action: z.string().meta(doc('The action', 'project.update')),
    target: z.string().nullable().meta(doc('Id of the changed object', 'prj_01h2xcejqtf2nbrexx3vqjhp41')),
    details: z
      .record(z.string(), z.string())
      .meta(doc('Details of the target, such as its branch', { branch: 'main' })),
    protocol: z.enum(['http', 'grpc']).meta(doc('Protocol of the call')),
    address: z.string().nullable().meta(doc('Network address of the client', '192.0.2.7')),
    sessionId: z.string().meta(doc('Session of the token', '0196f3a2-5d1c-7c3e-8f1b-2a4d6e8f0a1b')),
    outcome: z.string().meta(doc('`ok`, or the code of the error', 'ok')),
  })
  .meta({ id: 'Activity', description: 'A call that changed something in the organization, or attempted to' });
export type Activity = z.output<typeof activitySchema>;
