import { z } from 'zod';
import { createConnectionSchema } from './connections.js';
import { line } from './line.js';

/** No message of these schemas may contain the input. */
const MOST = 16_384;

const clientSecret = line
  .trim()
  .min(16, 'A client secret is longer. Paste all of it.')
  .max(MOST)
  .meta({ description: 'Never returned', writeOnly: true });
const privateKey = z
  .string()
  .trim()
  .min(16, 'Paste the whole private key, with its BEGIN and END lines.')
  .max(MOST)
  .meta({ description: 'PEM, PKCS#1 or PKCS#8. Never returned', writeOnly: true });
const webhookSecret = line
  .max(MOST)
  .refine((secret) => secret === '' || secret.length >= 16, 'Use 16 characters or more, or leave it empty.')
  .default('')
  .meta({ description: 'Empty to generate one and set it on the server. Never returned', writeOnly: true });

/** An existing app, entered from its settings on the server. */
export const addExistingAppSchema = createConnectionSchema
  .extend({
    owner: createConnectionSchema.shape.owner.meta({ description: 'Organization on the server that owns the app.' }),
    appId: z.int('Enter the number that the server shows as App ID.').positive('An App ID is a number above 0.'),
    clientId: line.trim().min(1, 'Enter the Client ID, as the server shows it.').max(100),
    clientSecret,
    privateKey,
    webhookSecret,
  })
  .meta({ id: 'AddExistingApp' });
export type AddExistingApp = z.output<typeof addExistingAppSchema>;

/** Required settings of an existing app on the server. */
export const appSettingsSchema = z
  .object({
    callbackUrl: z.string(),
    webhookUrl: z.string(),
    permissions: z.record(z.string(), z.string()),
    events: z.array(z.string()),
  })
  .meta({ id: 'AppSettings' });
export type AppSettings = z.output<typeof appSettingsSchema>;

export const rotatePrivateKeySchema = z.object({ privateKey }).meta({ id: 'RotatePrivateKey' });
export type RotatePrivateKey = z.output<typeof rotatePrivateKeySchema>;
export const rotateClientSecretSchema = z.object({ clientSecret }).meta({ id: 'RotateClientSecret' });
export type RotateClientSecret = z.output<typeof rotateClientSecretSchema>;
export const rotateWebhookSecretSchema = z.object({ webhookSecret }).meta({ id: 'RotateWebhookSecret' });
export type RotateWebhookSecret = z.output<typeof rotateWebhookSecretSchema>;

/** Version of a credential: the number of times it was entered. Nothing else of it is returned. */
export const rotatedCredentialSchema = z.object({ version: z.int() }).meta({ id: 'RotatedCredential' });
export type RotatedCredential = z.output<typeof rotatedCredentialSchema>;
