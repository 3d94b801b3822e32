import { isLoopback } from '@reunite/local-sign-in';
import { readConfig, serverSettings } from '@reunite/platform';
import { z } from 'zod';

const loopbackOrigin = z
  .url({ protocol: /^http$/ })
  .transform((url) => url.replace(/\/$/, ''))
  .refine((url) => new URL(url).origin === url, 'must be an origin, without a path')
  .refine((url) => isLoopback(new URL(url).hostname), 'must be at a loopback host: this sign-in needs no password');

export const localIssuerConfigSchema = z
  .object({
    ...serverSettings,
    ISSUER_URL: loopbackOrigin.describe('Origin at which browsers reach the issuer; at a loopback host'),
    CONSOLE_URL: loopbackOrigin.describe('Origin of the console; at the same loopback host, on another port'),
    SIGN_IN_KEY_FILE: z.string().describe('File with the signing key, created on first start'),
    JWT_AUDIENCE: z.string().default('reunite-ghes-bridge').describe('Audience of the tokens, as in the API'),
    JWT_MAX_LIFETIME_SECONDS: z.coerce
      .number()
      .int()
      .positive()
      .default(43_200)
      .describe('Maximum lifetime of a token, in seconds, as in the API'),
  })
  .superRefine(({ ISSUER_URL, CONSOLE_URL }, context) => {
    if (new URL(ISSUER_URL).hostname === new URL(CONSOLE_URL).hostname) return;
    context.addIssue({ code: 'custom', path: ['CONSOLE_URL'], message: 'must have the host of ISSUER_URL' });
  });
export type LocalIssuerConfig = z.output<typeof localIssuerConfigSchema>;

export const readLocalIssuerConfig = (): LocalIssuerConfig => readConfig(localIssuerConfigSchema, process.env);
