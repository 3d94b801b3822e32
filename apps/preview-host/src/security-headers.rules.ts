/** Built pages run nothing and load nothing from elsewhere: what they show comes from a repository. */
const policy = [
  "default-src 'none'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "media-src 'self'",
  "script-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ');

/**
 * @param contentType of the answer: XML of any kind can hold markup, so it is boxed in for those who open it by itself
 * @param indexed whether search engines may keep it: production yes, previews never
 */
export function securityHeaders(contentType: string, indexed: boolean): Record<string, string> {
  return {
    'content-security-policy': /xml/.test(contentType) ? `${policy}; sandbox` : policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    ...(!indexed && { 'x-robots-tag': 'noindex' }),
  };
}
