import { CodedError } from '@reunite/contracts';
import { z } from 'zod';
import {
  installationRepositoriesSchema,
  installationSchema,
  pingSchema,
  pullRequestSchema,
  pushSchema,
  refEventSchema,
} from './payload-schemas.rules.js';

const SCHEMAS = {
  push: pushSchema,
  create: refEventSchema,
  delete: refEventSchema,
  pull_request: pullRequestSchema,
  installation: installationSchema,
  installation_repositories: installationRepositoriesSchema,
  ping: pingSchema,
};
type KnownEvent = keyof typeof SCHEMAS;

/** The signature is valid but the payload does not match the event's schema. Not retryable. */
export class MalformedDeliveryError extends CodedError {
  readonly code = 'malformed-delivery';
}

/** A delivery's payload, discriminated by `event`. `action` is null for events without one. */
export type ParsedDelivery =
  | {
      readonly [Event in KnownEvent]: {
        readonly event: Event;
        readonly action: string | null;
        readonly payload: z.output<(typeof SCHEMAS)[Event]>;
      };
    }[KnownEvent]
  /** An event that is not processed. */
  | { readonly event: 'ignored'; readonly action: string | null };

const anyPayload = z.object({ action: z.string().nullish() });

/**
 * Parses and validates the body of a delivery.
 *
 * @param event `X-GitHub-Event`
 * @throws MalformedDeliveryError that names the invalid fields, never their values
 */
export function parseDelivery(event: string, body: Buffer): ParsedDelivery {
  const json = parseJson(event, body);
  const action = parse(event, anyPayload, json).action ?? null;
  if (!Object.hasOwn(SCHEMAS, event)) return { event: 'ignored', action };
  const name = event as KnownEvent;
  return { event: name, action, payload: parse(event, SCHEMAS[name], json) } as ParsedDelivery;
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
  const violations = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new MalformedDeliveryError(`The "${event}" delivery does not match its schema: ${violations.join('; ')}`);
}
