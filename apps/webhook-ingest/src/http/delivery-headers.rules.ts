import type { IncomingHttpHeaders } from 'node:http';
import type { NewDelivery } from '@reunite/deliveries';

export type DeliveryHeaders = Pick<NewDelivery, 'guid' | 'event' | 'enterpriseHost' | 'enterpriseVersion'>;

const LONGEST_RECORDED = 255;

/** What the headers say of a delivery; null where event or id are missing, or nothing that a server sends. */
export function deliveryHeaders(headers: IncomingHttpHeaders): DeliveryHeaders | null {
  const guid = headers['x-github-delivery'];
  const event = headers['x-github-event'];
  if (typeof guid !== 'string' || !/^[\w-]{1,100}$/.test(guid)) return null;
  if (typeof event !== 'string' || !/^[a-z_]{1,100}$/.test(event)) return null;
  return {
    guid,
    event,
    enterpriseHost: recorded(headers['x-github-enterprise-host']),
    enterpriseVersion: recorded(headers['x-github-enterprise-version']),
  };
}

function recorded(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && header !== '' ? header.slice(0, LONGEST_RECORDED) : null;
}

/** A form wraps the payload; apps can be set up so. */
export function isForm(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
}

/** Whether a body is a JSON object, as every payload is. */
export function isJsonObject(body: Buffer): boolean {
  try {
    const json: unknown = JSON.parse(body.toString('utf8'));
    return typeof json === 'object' && json !== null && !Array.isArray(json);
  } catch {
    return false;
  }
}
