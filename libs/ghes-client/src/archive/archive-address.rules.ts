import { GhesForeignOriginError } from '../errors/foreign-origin.error.js';
import { readUrl } from '../read-url.rules.js';
import { redact } from '../redact.rules.js';
import type { ServerAddress } from '../server-address.rules.js';

/**
 * Where the redirect of an archive leads, if it is one of the two places where a GitHub Enterprise Server keeps archives: `/_codeload/`
 * on the host itself, or the host `codeload.` of it (subdomain isolation). The link carries its own short-lived token.
 *
 * @param requestUrl - that was redirected, for a relative location
 * @throws GhesForeignOriginError
 */
export function archiveAddress(location: string, requestUrl: string, address: ServerAddress): URL {
  const target = readUrl(location, requestUrl);
  // Compared as text: `codeload.` of a server that is known by its IP address would be no host at all.
  const codeload = address.origin.replace('://', '://codeload.');
  const atHome = target?.origin === address.origin && target.pathname.startsWith('/_codeload/');
  if (target === undefined || target.username !== '' || !(atHome || target.origin === codeload)) {
    const place = redact(target?.origin ?? 'no address');
    throw new GhesForeignOriginError(
      `The archive was not read: it lies at ${place}, not at ${address.origin}/_codeload/.`,
    );
  }
  return target;
}
