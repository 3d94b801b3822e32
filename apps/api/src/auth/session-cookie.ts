import type { CookieSerializeOptions } from '@fastify/cookie';

/**
 * Over https, the prefix keeps other hosts of the domain from setting the cookie
 * (https://www.rfc-editor.org/rfc/rfc6265bis#name-the-__host-prefix).
 */
export function sessionCookieName(publicUrl: string): string {
  return isSecure(publicUrl) ? '__Host-session' : 'session';
}

/** Not readable by scripts. Sent on redirects back to us, but not with writes from other sites. */
export function sessionCookieOptions(publicUrl: string): CookieSerializeOptions {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(publicUrl) };
}

function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}
