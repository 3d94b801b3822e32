import { isIP } from 'node:net';
import { ForbiddenError } from '@reunite/contracts';

/** True for names and addresses that reach this machine only. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/**
 * Without an `Origin` header, the `Host` is all that distinguishes a request of this machine from one that came through
 * a tunnel, a forwarded port or a rebound name.
 *
 * @throws ForbiddenError
 */
export function assertLoopbackHost(host: string | undefined): void {
  const address = `http://${host ?? ''}`;
  const name = URL.canParse(address) ? new URL(address).hostname.replace(/^\[|\]$/g, '') : '';
  if (isLoopback(name)) return;
  throw new ForbiddenError('The local sign-in works on this machine only. Open the console at localhost.');
}
