import type { IncomingHttpHeaders } from 'node:http';
import type { NewDelivery } from '@reunite/deliveries';

export type DeliveryHeaders = Pick<NewDelivery, 'guid' | 'event' | 'form' | 'enterpriseHost' | 'enterpriseVersion'>;

const MAX_RECORDED_LENGTH = 255;
const GUID = /^[\w-]{1,100}$/;
/** E.g. `pull_request`, `projects_v2_item`. */
const EVENT = /^[a-z0-9_]{1,100}$/;
const FORM = 'application/x-www-form-urlencoded';

/** Parses the delivery headers. Returns null if the event or delivery id is missing or malformed. */
export function deliveryHeaders(headers: IncomingHttpHeaders): DeliveryHeaders | null {
  const guid = headers['x-github-delivery'];
  const event = headers['x-github-event'];
  if (typeof guid !== 'string' || !GUID.test(guid)) return null;
  if (typeof event !== 'string' || !EVENT.test(event)) return null;
  return {
    guid,
    event,
    form: isForm(headers['content-type']),
    enterpriseHost: recorded(headers['x-github-enterprise-host']),
    enterpriseVersion: recorded(headers['x-github-enterprise-version']),
  };
}

function recorded(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && header !== '' ? header.slice(0, MAX_RECORDED_LENGTH) : null;
}

/** Media types are case-insensitive. Every other type, also none, is read as JSON. */
function isForm(contentType: string | undefined): boolean {
  return contentType !== undefined && contentType.slice(0, FORM.length).toLowerCase() === FORM;
}

/** True for a compressed body, which GitHub never sends. */
export function isCompressed(headers: IncomingHttpHeaders): boolean {
  const encoding = headers['content-encoding'];
  return encoding !== undefined && encoding.toLowerCase() !== 'identity';
}

const [OPENING_BRACE, CLOSING_BRACE] = [0x7b, 0x7d];
const FORM_FIELD = Buffer.from('payload=');

/**
 * Rejects what can be no payload by its first and last character. The worker parses it, which takes longer than all
 * that this service does with a delivery; invalid JSON fails there.
 */
export function isPayload(body: Buffer, form: boolean): boolean {
  if (form) return body.subarray(0, FORM_FIELD.length).equals(FORM_FIELD) || body.includes('&payload=');
  let start = 0;
  let end = body.length - 1;
  while (start < end && isSpace(body[start])) start += 1;
  while (end > start && isSpace(body[end])) end -= 1;
  return start < end && body[start] === OPENING_BRACE && body[end] === CLOSING_BRACE;
}

/** The white space of JSON. */
function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
