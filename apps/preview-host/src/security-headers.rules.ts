/** Content security policy of the notice pages, which consist of text and an inline style sheet. */
export const NOTICE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/**
 * @param policy the Content-Security-Policy of the response
 * @param indexed true if search engines may index it: production yes, previews never
 */
export function securityHeaders(policy: string, indexed: boolean): Record<string, string> {
  return {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    // Where only a company's network reaches previews, pages of other sites must not embed them in a browser of that network.
    ...(!indexed && { 'x-robots-tag': 'noindex', 'cross-origin-resource-policy': 'same-origin' }),
  };
}
