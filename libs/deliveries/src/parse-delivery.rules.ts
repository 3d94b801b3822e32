import { CodedError } from '@reunite/contracts';
import { z } from 'zod';
import { anythingSchema, pullRequestSchema, pushSchema, refEventSchema } from './payload-schemas.rules.js';

const SCHEMAS = {
  push: pushSchema,
  create: refEventSchema,
  delete: refEventSchema,
  pull_request: pullRequestSchema,
  installation: anythingSchema,
  installation_repositories: anythingSchema,
  installation_target: anythingSchema,
  repository: anythingSchema,
  ping: anythingSchema,
};
type KnownEvent = keyof typeof SCHEMAS;

/** Returns the label of an event in metrics. Unknown events share one: a server can send any name. */
export function eventLabel(event: string): string {
  return Object.hasOwn(SCHEMAS, event) ? event : 'other';
}

/** The signature is valid but the body is not JSON. Not retryable. */
export class MalformedDeliveryError extends CodedError {
  readonly code = 'malformed-delivery';
}

/** The subject of a delivery, for its log. */
export interface DeliverySource {
  /** `owner/name` at the time of the event; null for events without a repository. */
  readonly repository: string | null;
  /** Login of the user who caused the event. */
  readonly sender: string | null;
}

/** A delivery's payload, discriminated by `event`. `action` is null for events without one. */
export type ParsedDelivery = { readonly source: DeliverySource } & (
  | {
      readonly [Event in KnownEvent]: {
        readonly event: Event;
        readonly action: string | null;
        readonly payload: z.output<(typeof SCHEMAS)[Event]>;
      };
    }[KnownEvent]
  /** A payload that lacks a needed field. */
  | {
      readonly event: 'unreadable';
      readonly action: string | null;
      /** The server's id of the repository that it is about; null if even that is missing. */
      readonly githubId: number | null;
      /** Names the invalid fields, never their values. */
      readonly reason: string;
    }
  /** An event that is not processed. */
  | { readonly event: 'ignored'; readonly action: string | null }
);

/** Longest text of a payload that the log shows. */
const MAX_LABEL = 200;
/** PostgreSQL stores no U+0000. */
const label = z
  .string()
  .nullish()
  .catch(null)
  .transform((text) => text?.slice(0, MAX_LABEL).replaceAll('\0', '') ?? null);

const anyPayload = z.object({
  action: z.string().nullish().catch(null),
  repository: z.object({ id: z.int().positive(), full_name: label }).nullish().catch(null),
  sender: z.object({ login: label }).nullish().catch(null),
});

/** The parts of a delivery that parsing needs. */
export interface UnparsedDelivery {
  /** `X-GitHub-Event` */
  readonly event: string;
  /** True if the body is a form with the JSON in its field `payload`. */
  readonly form: boolean;
  readonly body: Buffer;
}

/**
 * Parses the body of a delivery.
 *
 * @throws MalformedDeliveryError if it is not a JSON object
 */
export function parseDelivery({ event, form, body }: UnparsedDelivery): ParsedDelivery {
  const json = parseJson(event, form ? formPayload(event, body) : body.toString('utf8'));
  const { data } = anyPayload.safeParse(json);
  if (!data) throw new MalformedDeliveryError(`The body of the "${event}" delivery is not an object.`);
  const action = data.action ?? null;
  const source = { repository: data.repository?.full_name ?? null, sender: data.sender?.login ?? null };
  if (!Object.hasOwn(SCHEMAS, event)) return { event: 'ignored', action, source };
  const name = event as KnownEvent;
  const parsed = SCHEMAS[name].safeParse(json);
  if (parsed.success) return { event: name, action, source, payload: parsed.data } as ParsedDelivery;
  const violations = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const reason = `the "${event}" delivery does not match its schema: ${violations.join('; ')}`;
  return { event: 'unreadable', action, source, githubId: data.repository?.id ?? null, reason };
}

function formPayload(event: string, body: Buffer): string {
  const payload = fieldOf(body);
  if (payload === null) throw new MalformedDeliveryError(`The form of the "${event}" delivery has no field "payload".`);
  return payload;
}

const FIELD = 'payload=';

/** Decodes only the field `payload`: a form of 25 MB may have 12 million other fields, which take a second. */
function fieldOf(body: Buffer): string | null {
  const isFirst = body.subarray(0, FIELD.length).equals(Buffer.from(FIELD));
  const start = isFirst ? 0 : body.indexOf(`&${FIELD}`) + 1;
  if (!isFirst && start === 0) return null;
  const end = body.indexOf('&', start);
  return new URLSearchParams(body.toString('utf8', start, end < 0 ? undefined : end)).get('payload');
}

function parseJson(event: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedDeliveryError(`The body of the "${event}" delivery is not JSON.`, { cause: error });
  }
}
