import type { IncomingHttpHeaders } from 'node:http';
import type { NewDelivery } from '@reunite/deliveries';

export type DeliveryHeaders = Pick<NewDelivery, 'guid' | 'event' | 'enterpriseHost' | 'enterpriseVersion'>;

const MAX_RECORDED_LENGTH = 255;
const GUID = /^[\w-]{1,100}$/;
const EVENT = /^[a-z_]{1,100}$/;

/** Parses the delivery headers. Returns null if the event or delivery id is missing or malformed. */
export function deliveryHeaders(headers: IncomingHttpHeaders): DeliveryHeaders | null {
  const guid = headers['x-github-delivery'];
  const event = headers['x-github-event'];
  if (typeof guid !== 'string' || !GUID.test(guid)) return null;
  if (typeof event !== 'string' || !EVENT.test(event)) return null;
  return {
    guid,
    event,
    enterpriseHost: recorded(headers['x-github-enterprise-host']),
    enterpriseVersion: recorded(headers['x-github-enterprise-version']),
  };
}

function recorded(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && header !== '' ? header.slice(0, MAX_RECORDED_LENGTH) : null;
}

/** True for a body that is a form (a choice in an app's webhook settings) or compressed, which GitHub never sends. */
export function isUnsupportedMedia(headers: IncomingHttpHeaders): boolean {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return true;
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
}

/** True for a JSON object, which every payload is. */
export function isJsonObject(body: Buffer): boolean {
  try {
    const json: unknown = JSON.parse(body.toString('utf8'));
    return typeof json === 'object' && json !== null && !Array.isArray(json);
  } catch {
    return false;
  }
}
