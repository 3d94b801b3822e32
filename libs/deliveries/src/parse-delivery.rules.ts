import { z } from 'zod';
import { MalformedDeliveryError } from './malformed-delivery.error.js';
import {
  installationRepositoriesSchema,
  installationSchema,
  pingSchema,
  pullRequestSchema,
  pushSchema,
  refEventSchema,
} from './payload-schemas.rules.js';

const schemas = {
  push: pushSchema,
  create: refEventSchema,
  delete: refEventSchema,
  pull_request: pullRequestSchema,
  installation: installationSchema,
  installation_repositories: installationRepositoriesSchema,
  ping: pingSchema,
};
type KnownEvent = keyof typeof schemas;

/** A delivery's event with its payload, told apart by `event`. `action` is null for events that have none. */
export type ParsedDelivery =
  | {
      readonly [Event in KnownEvent]: {
        readonly event: Event;
        readonly action: string | null;
        readonly payload: z.output<(typeof schemas)[Event]>;
      };
    }[KnownEvent]
  /** An event that nothing here depends on. */
  | { readonly event: 'ignored'; readonly action: string | null };

const anyPayload = z.object({ action: z.string().nullish() });

/**
 * Reads the body of a delivery.
 *
 * @param event `X-GitHub-Event`
 * @throws MalformedDeliveryError that names the fields that are wrong, never their values
 */
export function parseDelivery(event: string, body: Buffer): ParsedDelivery {
  const json = parseJson(event, body);
  const action = parse(event, anyPayload, json).action ?? null;
  if (!Object.hasOwn(schemas, event)) return { event: 'ignored', action };
  const known = event as KnownEvent;
  return { event: known, action, payload: parse(event, schemas[known], json) } as ParsedDelivery;
}

function parseJson(event: string, body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new MalformedDeliveryError(`The body of the "${event}" delivery is not JSON.`, { cause: error });
  }
}

function parse<Schema extends z.ZodType>(event: string, schema: Schema, json: unknown): z.output<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new MalformedDeliveryError(`The "${event}" delivery is not what it should be: ${faults.join('; ')}`);
}
