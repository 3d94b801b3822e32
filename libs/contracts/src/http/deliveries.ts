import { z } from 'zod';
import { doc, idField, loginField } from './fields.js';
import { line } from './line.js';
import { pageQuerySchema } from './pages.js';
import { timestamp } from './timestamp.js';

const states = ['received', 'processed', 'ignored', 'failed'] as const;

export const deliverySchema = z
  .object({
    id: idField('delivery', 'Id of the delivery'),
    guid: z.string().meta(doc('`X-GitHub-Delivery`, which a redelivery keeps', '72d3162e-cc78-11e3-81ab-4c9367dc0958')),
    event: z.string().meta(doc('Name of the event', 'push')),
    action: z.string().nullable().meta(doc('Action of the event, if it has one', 'opened')),
    repository: z.string().nullable().meta(doc('`owner/name`; null until the delivery is processed', 'acme/handbook')),
    sender: loginField.nullable().meta(doc('Login of the user who caused the event')),
    state: z.enum(states).meta(doc('`received`: waits to be processed. `ignored`: the event is not used')),
    outcome: z.string().nullable().meta(doc('Result of processing, or the error of a failed delivery', 'synced')),
    attempts: z.int().meta(doc('Attempts that failed with an error that is retried', 0)),
    size: z.int().meta(doc('Size of the payload, in bytes', 8_214)),
    receivedAt: timestamp.meta(doc('When it arrived')),
    processedAt: timestamp.nullable().meta(doc('When its processing ended; null before that')),
    durationMs: z.int().nullable().meta(doc('Time from receipt to the end of processing, in milliseconds', 412)),
  })
  .meta({ id: 'Delivery', description: 'A webhook delivery of a server' });
export type Delivery = z.output<typeof deliverySchema>;

export const deliveryQuerySchema = pageQuerySchema.extend({
  event: line.max(100).optional().meta(doc('Only deliveries of this event', 'push')),
  state: z.enum(states).optional().meta(doc('Only deliveries in this state')),
  repository: line
    .max(200)
    .optional()
    .meta(doc('`owner/name`, case-insensitive; processed deliveries only', 'acme/handbook')),
  since: timestamp.optional().meta(doc('Received at this time or later')),
  until: timestamp.optional().meta(doc('Received before this time')),
  search: line
    .max(100)
    .optional()
    .meta(doc('Id or `guid` of a delivery; the other filters do not apply', '72d3162e-cc78-11e3-81ab-4c9367dc0958')),
});
export type DeliveryQuery = z.output<typeof deliveryQuerySchema>;

export const deliveryPayloadSchema = z
  .object({
    headers: z
      .array(
        z
          .object({
            name: z.string().meta(doc('Name of the header', 'x-github-event')),
            value: z.string().meta(doc('Value of the header', 'push')),
          })
          .meta({ id: 'DeliveryHeader', description: 'A header of a delivery' }),
      )
      .meta(doc('Headers that were stored. The signature is not')),
    payload: z
      .string()
      .nullable()
      .meta(
        doc(
          'Payload as indented JSON, without the values of secret fields; null if it is too large to be shown',
          '{\n  "ref": "refs/heads/main"\n}',
        ),
      ),
    size: z.int().meta(doc('Size of the payload, in bytes', 8_214)),
  })
  .meta({ id: 'DeliveryPayload', description: 'Headers and payload of a delivery' });
export type DeliveryPayload = z.output<typeof deliveryPayloadSchema>;

export const deliveryRecoverySchema = z
  .object({
    checkedAt: timestamp.nullable().meta(doc('When the server’s log was last compared with the inbox')),
    skippedReason: z
      .string()
      .nullable()
      .meta(doc('Why the log could not be read', 'The app lacks the permission to read its deliveries.')),
    missed: z.int().meta(doc('Deliveries of the log that had not arrived', 3)),
    recovered: z.int().meta(doc('Missed deliveries that arrived later', 2)),
    lost: z.int().meta(doc('Missed deliveries that the server could not deliver again', 0)),
    open: z.int().meta(doc('Missed deliveries that are being recovered', 1)),
  })
  .meta({
    id: 'DeliveryRecovery',
    description: 'Comparison of the server’s log of deliveries with the ones that arrived',
  });
export type DeliveryRecovery = z.output<typeof deliveryRecoverySchema>;
