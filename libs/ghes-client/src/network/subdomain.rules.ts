import { isIP } from 'node:net';

/** True if the URL has the scheme of the origin, and its host is below the origin's: `media.` of a server with subdomain isolation. */
export function isOnSubdomain(url: URL, origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return url.protocol === protocol && isIP(hostname) === 0 && url.hostname.endsWith(`.${hostname}`);
}
