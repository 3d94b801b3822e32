/**
 * What a page of the site may do: show its own images and those of other sites over TLS, use its own style sheet, nothing
 * else. Every page says so itself; whoever serves the site should send it as a header, too.
 */
export const pageContentSecurityPolicy =
  "default-src 'none'; img-src 'self' https:; media-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'";

/** The policy to send with a file of the site. An SVG that is opened by itself is a document and could run scripts. */
export function contentSecurityPolicyFor(contentType: string): string {
  return contentType.startsWith('image/svg+xml')
    ? "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    : pageContentSecurityPolicy;
}
