import { z } from 'zod';
import { ConfigError } from './config.error.js';

/**
 * Reads a service's configuration from environment variables through one described schema. An empty variable counts as
 * not set, as in compose files.
 *
 * @throws ConfigError that lists every fault, with the description of the variable, never its value.
 */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, env: NodeJS.ProcessEnv): z.output<Schema> {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    const variable = String(issue.path[0] ?? '');
    const field = schema.shape[variable] as z.ZodType | undefined;
    return `${variable}: ${issue.message} (${field?.description ?? 'unknown'})`;
  });
  throw new ConfigError(faults);
}

/** A boolean that is written `true` or `false` in the environment. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** A TCP port; 0 lets the system choose, and the `ready` line tells which. */
export const port = z.coerce.number().int().min(0).max(65_535);

/** A comma-separated list; blanks are dropped. */
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** What a service is known by to the others, as part of its configuration's schema. */
export const tlsSettings = {
  TLS_CA_FILE: z.string().describe('PEM file of the authority that services’ certificates come from'),
  TLS_CERT_FILE: z.string().describe('PEM file of this service’s certificate'),
  TLS_KEY_FILE: z.string().describe('PEM file of this service’s private key'),
  TLS_RELOAD_SECONDS: z.coerce
    .number()
    .positive()
    .default(60)
    .describe('How often the three files of TLS are looked at again'),
};
export type TlsConfig = z.output<z.ZodObject<typeof tlsSettings>>;

/** For a service that others connect to. */
export const tlsConnectionSeconds = z.coerce
  .number()
  .positive()
  .default(300)
  .describe('Longest life of a gRPC connection: the caller’s certificate is looked at again with the next one');
