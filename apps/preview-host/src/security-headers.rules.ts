/** What pages of our own may do, where there is no site: they have nothing but a few lines of style. */
export const noticePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/**
 * @param policy what the answer may do: `noticePolicy`, or the site builder's
 * @param indexed whether search engines may keep it: production yes, previews never
 */
export function securityHeaders(policy: string, indexed: boolean): Record<string, string> {
  return {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    ...(!indexed && { 'x-robots-tag': 'noindex' }),
  };
}
