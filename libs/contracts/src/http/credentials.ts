import { z } from 'zod';
import { doc } from './fields.js';
import { createConnectionSchema } from './connections.js';
import { line } from './line.js';

/** No message of these schemas may contain the input. */
const MOST = 16_384;

const clientSecret = line
  .trim()
  .min(16, 'A client secret is longer. Paste all of it.')
  .max(MOST)
  .meta({ ...doc('Client secret of the app. Never returned', 'c1e9…'.padEnd(40, '0')), writeOnly: true });
const privateKey = z
  .string()
  .trim()
  .min(16, 'Paste the whole private key, with its BEGIN and END lines.')
  .max(MOST)
  .meta({
    ...doc(
      'Private key of the app in PEM, PKCS#1 or PKCS#8. Never returned',
      '-----BEGIN RSA PRIVATE KEY-----\n…\n-----END RSA PRIVATE KEY-----',
    ),
    writeOnly: true,
  });
const webhookSecret = line
  .max(MOST)
  .refine((secret) => secret === '' || secret.length >= 16, 'Use 16 characters or more, or leave it empty.')
  .default('')
  .meta({
    ...doc('Webhook secret of the app; empty to generate one and set it on the server. Never returned', ''),
    writeOnly: true,
  });

/** An existing app, entered from its settings on the server. */
export const addExistingAppSchema = createConnectionSchema
  .extend({
    owner: createConnectionSchema.shape.owner.meta(doc('Organization on the server that owns the app', 'acme')),
    appId: z
      .int('Enter the number that the server shows as App ID.')
      .positive('An App ID is a number above 0.')
      .meta(doc('App ID, in the settings of the app', 17)),
    clientId: line
      .trim()
      .min(1, 'Enter the Client ID, as the server shows it.')
      .max(100)
      .meta(doc('Client ID, in the settings of the app', 'Iv1.8a61f9b3a7aba766')),
    clientSecret,
    privateKey,
    webhookSecret,
  })
  .meta({ id: 'AddExistingApp', description: 'An existing app, entered from its settings on the server' });
export type AddExistingApp = z.output<typeof addExistingAppSchema>;

/** Required settings of an existing app on the server. */
export const appSettingsSchema = z
  .object({
    callbackUrl: z.string().meta(doc('Callback URL of the app', 'https://reunite.example.com/callback/oauth2')),
    webhookUrl: z.string().meta(doc('Webhook URL of the app', 'https://hooks.example.com/webhooks/git/github_server')),
    permissions: z.record(z.string(), z.string()).meta(doc('Permissions that the app needs', { contents: 'write' })),
    events: z.array(z.string()).meta(doc('Webhook events that the app needs', ['push', 'pull_request'])),
  })
  .meta({ id: 'AppSettings', description: 'Required settings of an existing app on the server' });
export type AppSettings = z.output<typeof appSettingsSchema>;

export const rotatePrivateKeySchema = z
  .object({ privateKey })
  .meta({ id: 'RotatePrivateKey', description: 'A new private key of the app' });
export type RotatePrivateKey = z.output<typeof rotatePrivateKeySchema>;
export const rotateClientSecretSchema = z
  .object({ clientSecret })
  .meta({ id: 'RotateClientSecret', description: 'A new client secret of the app' });
export type RotateClientSecret = z.output<typeof rotateClientSecretSchema>;
export const rotateWebhookSecretSchema = z
  .object({ webhookSecret })
  .meta({ id: 'RotateWebhookSecret', description: 'A new webhook secret of the app' });
export type RotateWebhookSecret = z.output<typeof rotateWebhookSecretSchema>;

/** Version of a credential: the number of times it was entered. Nothing else of it is returned. */
export const rotatedCredentialSchema = z
  .object({ version: z.int().meta(doc('Number of times that the credential was entered', 2)) })
  .meta({ id: 'RotatedCredential', description: 'The version of a replaced credential' });
export type RotatedCredential = z.output<typeof rotatedCredentialSchema>;
