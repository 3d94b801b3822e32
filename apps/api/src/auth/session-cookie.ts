import type { CookieSerializeOptions } from '@fastify/cookie';

export const SESSION_COOKIE = 'session';

/** Not readable by scripts; sent along when the server redirects back to us, but with no write that another site makes. */
export function sessionCookieOptions(publicUrl: string): CookieSerializeOptions {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: publicUrl.startsWith('https:') };
}
