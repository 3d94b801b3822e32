import { z } from 'zod';
import { line } from './line.js';
import { pageQuerySchema } from './pages.js';
import { timestamp } from './timestamp.js';

const states = ['received', 'processed', 'ignored', 'failed'] as const;

export const deliverySchema = z
  .object({
    id: z.string(),
    guid: z.string().meta({ description: '`X-GitHub-Delivery`, which a redelivery keeps' }),
    event: z.string(),
    action: z.string().nullable(),
    repository: z.string().nullable().meta({ description: '`owner/name`; null until the delivery is processed' }),
    sender: z.string().nullable().meta({ description: 'Login of the user who caused the event' }),
    state: z.enum(states).meta({ description: '`received`: waits to be processed. `ignored`: the event is not used' }),
    outcome: z.string().nullable().meta({ description: 'Result of processing, or the error of a failed delivery' }),
    attempts: z.int().meta({ description: 'Attempts that failed with an error that is retried' }),
    size: z.int().meta({ description: 'Size of the payload, in bytes' }),
    receivedAt: timestamp,
    processedAt: timestamp.nullable(),
    durationMs: z.int().nullable().meta({ description: 'Time from receipt to the end of processing, in milliseconds' }),
  })
  .meta({ id: 'Delivery' });
export type Delivery = z.output<typeof deliverySchema>;

export const deliveryQuerySchema = pageQuerySchema.extend({
  event: line.max(100).optional().meta({ description: 'E.g. `push`' }),
  state: z.enum(states).optional(),
  repository: line
    .max(200)
    .optional()
    .meta({ description: '`owner/name`, case-insensitive; processed deliveries only' }),
  since: timestamp.optional().meta({ description: 'Received at this time or later' }),
  until: timestamp.optional().meta({ description: 'Received before this time' }),
  search: line.max(100).optional().meta({ description: 'Id or `guid` of a delivery; the other filters do not apply' }),
});
export type DeliveryQuery = z.output<typeof deliveryQuerySchema>;

export const deliveryPayloadSchema = z
  .object({
    headers: z
      .array(z.object({ name: z.string(), value: z.string() }).meta({ id: 'DeliveryHeader' }))
      .meta({ description: 'Headers that were stored. The signature is not' }),
    payload: z.string().nullable().meta({
      description: 'Payload as indented JSON, without the values of secret fields; null if it is too large to be shown',
    }),
    size: z.int(),
  })
  .meta({ id: 'DeliveryPayload' });
export type DeliveryPayload = z.output<typeof deliveryPayloadSchema>;

export const deliveryRecoverySchema = z
  .object({
    checkedAt: timestamp.nullable().meta({ description: "When the server's log was last compared with the inbox" }),
    skippedReason: z.string().nullable().meta({ description: 'Why the log could not be read' }),
    missed: z.int().meta({ description: 'Deliveries of the log that had not arrived' }),
    recovered: z.int().meta({ description: 'Missed deliveries that arrived later' }),
    lost: z.int().meta({ description: 'Missed deliveries that the server could not deliver again' }),
    open: z.int().meta({ description: 'Missed deliveries that are being recovered' }),
  })
  .meta({ id: 'DeliveryRecovery' });
export type DeliveryRecovery = z.output<typeof deliveryRecoverySchema>;
