import { resolveReference } from '../links/links.rules.js';

/** Keys whose values Redoc renders as links; `url` is a link in some objects only. */
const LINKED: ReadonlySet<string> = new Set([
  'termsOfService',
  'externalValue',
  'authorizationUrl',
  'tokenUrl',
  'refreshUrl',
  'openIdConnectUrl',
  'contact.url',
  'license.url',
  'externalDocs.url',
  'x-logo.href',
]);

/**
 * True if the value would be rendered as a forbidden link, e.g. `javascript:`. Prose and examples may begin like a
 * scheme, but are not rendered as links.
 *
 * @param holder the key of the object that contains `key`
 */
export function isForbiddenLink(value: unknown, key: string, holder: string): boolean {
  if (typeof value !== 'string' || !(LINKED.has(key) || LINKED.has(`${holder}.${key}`))) return false;
  const reference = resolveReference(value, '');
  return reference.kind === 'rejected' && reference.reason === 'scheme';
}
