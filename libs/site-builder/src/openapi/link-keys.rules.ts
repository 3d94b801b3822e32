import { resolveReference } from '../links/links.rules.js';

/** The addresses of a description that Redoc makes links of; `url` is one in some objects only. */
const linked: ReadonlySet<string> = new Set([
  ...['termsOfService', 'externalValue', 'authorizationUrl', 'tokenUrl', 'refreshUrl', 'openIdConnectUrl'],
  ...['contact.url', 'license.url', 'externalDocs.url', 'x-logo.href'],
]);

/**
 * Whether the value would become a link that no page may have, e.g. `javascript:`: the content security policy would have
 * to stop it. Prose and examples may begin with what looks like a scheme; nothing links them.
 *
 * @param holder the key of the object that has the key
 */
export function isForbiddenLink(value: unknown, key: string, holder: string): boolean {
  if (typeof value !== 'string' || !(linked.has(key) || linked.has(`${holder}.${key}`))) return false;
  const reference = resolveReference(value, '');
  return reference.kind === 'rejected' && reference.reason === 'scheme';
}
