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

/** The parts of a delivery that parsing needs. */
export interface UnparsedDelivery {
  /** `X-GitHub-Event` */
  readonly event: string;
  /** True if the body is a form with the JSON in its field `payload`. */
  readonly form: boolean;
  readonly body: Buffer;
}

/**
 * Parses and validates the body of a delivery.
 *
 * @throws MalformedDeliveryError that names the invalid fields, never their values
 */
export function parseDelivery({ event, form, body }: UnparsedDelivery): ParsedDelivery {
  const json = parseJson(event, form ? formPayload(event, body) : body.toString('utf8'));
  const action = parse(event, anyPayload, json).action ?? null;
  if (!Object.hasOwn(SCHEMAS, event)) return { event: 'ignored', action };
  const name = event as KnownEvent;
  return { event: name, action, payload: parse(event, SCHEMAS[name], json) } as ParsedDelivery;
}

function formPayload(event: string, body: Buffer): string {
  const payload = new URLSearchParams(body.toString('utf8')).get('payload');
  if (payload === null) throw new MalformedDeliveryError(`The form of the "${event}" delivery has no field "payload".`);
  return payload;
}

function parseJson(event: string, text: string): unknown {
  try {
    return JSON.parse(text);
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
