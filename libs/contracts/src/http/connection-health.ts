import { z } from 'zod';
import { doc } from './fields.js';
import { timestamp } from './timestamp.js';

/** Whether a release of the server is supported, by the bridge and by GitHub. */
const serverSupports = ['supported', 'out-of-support', 'too-old', 'newer-than-known', 'unknown'] as const;

const rateLimitSchema = z
  .object({
    limit: z.number().meta(doc('Requests per hour', 5000)),
    remaining: z.number().meta(doc('Requests that were left', 4990)),
    resetsAt: timestamp.nullable().meta(doc('When the quota begins again; null if the server did not return it')),
    readAt: timestamp.meta(doc('Time of the response with these values')),
  })
  .meta({ id: 'RateLimit', description: 'The rate limit of the installation with the smallest share left' });

const tokenUsageSchema = z
  .object({
    lastDay: z.number().meta(doc('Installation tokens handed out within the last 24 hours, at most 5,000', 120)),
    lastAt: timestamp.nullable().meta(doc('When the last one was handed out; null for none within seven days')),
  })
  .meta({ id: 'TokenUsage', description: 'Installation tokens that the vault handed out' });

const permissionUsageSchema = z
  .object({
    name: z.string().meta(doc('Name of the permission in the API of the server', 'contents')),
    needed: z.string().meta(doc('`none`, `read` or `write`', 'write')),
    granted: z.string().meta(doc('`none`, `read`, `write` or `admin`', 'write')),
    usedAt: timestamp
      .nullable()
      .meta(
        doc(
          'When a token with it was last handed out; null for none within seven days, or if the vault is unavailable',
        ),
      ),
  })
  .meta({ id: 'PermissionUsage', description: 'A permission of the app: needed, granted, used' });

const eventUsageSchema = z
  .object({
    name: z.string().meta(doc('Name of the webhook event', 'push')),
    needed: z.boolean().meta(doc('True if the bridge needs it')),
    subscribed: z.boolean().meta(doc('True if the app receives it')),
    receivedAt: timestamp.nullable().meta(doc('When it last arrived; null if it is not among the recent deliveries')),
  })
  .meta({ id: 'EventUsage', description: 'A webhook event of the app: needed, subscribed, received' });

/** The health of a connection at a glance. */
export const connectionHealthSchema = z
  .object({
    lastDeliveryAt: timestamp.nullable().meta(doc('When the last webhook delivery arrived')),
    lastCallAt: timestamp.nullable().meta(doc('When a request to the server last succeeded')),
    rateLimit: rateLimitSchema.nullable().meta(doc('Null if the server has no rate limit')),
    tokens: tokenUsageSchema.nullable().meta(doc('Null if the credential vault is unavailable')),
    serverVersion: z.string().nullable().meta(doc('Release of the server; null if it is unknown', '3.19.2')),
    serverSupport: z.enum(serverSupports).meta(doc('Whether the release is supported')),
    supportEnds: z.string().nullable().meta(doc('Last day of GitHub’s support; null if it is unknown', '2027-03-17')),
    certificateExpiresAt: timestamp.nullable().meta(doc('When the certificate of the server expires')),
    permissions: z.array(permissionUsageSchema).meta(doc('Permissions that are needed or granted')),
    events: z.array(eventUsageSchema).meta(doc('Events that are needed or subscribed')),
  })
  .meta({ id: 'ConnectionHealth', description: 'The health of a connection at a glance' });
export type ConnectionHealth = z.output<typeof connectionHealthSchema>;

/** A change of the credentials of a connection, recorded by the vault. */
export const auditRecordSchema = z
  .object({
    number: z.number().meta(doc('Number of the record in the chain of the organization', 42)),
    at: timestamp.meta(doc('When the call ended')),
    service: z.string().meta(doc('The calling service', 'api')),
    subject: z
      .string()
      .nullable()
      .meta(doc('Subject of the caller’s token; null for the service’s own work', 'auth0|5f7c8ec7c33c6c004bbafe82')),
    name: z
      .string()
      .nullable()
      .meta(doc('Name of the caller in the activity log; null if it is not there', 'Ada Lovelace')),
    method: z.string().meta(doc('Method of the vault', 'rotatePrivateKey')),
    details: z.record(z.string(), z.string()).meta(doc('Arguments of the call, without secrets', { version: '2' })),
    outcome: z.string().meta(doc('`ok`, or the code of the error', 'ok')),
  })
  .meta({ id: 'AuditRecord', description: 'A change of the credentials of a connection, recorded by the vault' });
export type AuditRecord = z.output<typeof auditRecordSchema>;
