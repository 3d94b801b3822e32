import type { LookupAddress } from 'node:dns';
import { lookup as dnsLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { GhesBlockedAddressError } from '../errors/blocked-address.error.js';

/** Which addresses may be dialled, and the error if none of a host's may. */
export interface AddressGuard {
  readonly accepts: (address: string) => boolean;
  readonly rejection: (hostname: string) => GhesBlockedAddressError;
}

/**
 * A lookup for `net.connect` that returns only addresses that may be dialled. The checked address is the dialled one:
 * there is no second resolution that a rebinding name server could answer differently.
 */
export function guardedLookup(guard: AddressGuard, lookup: LookupFunction = dnsLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, resolved) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const addresses = (resolved as LookupAddress[]).filter(({ address }) => guard.accepts(address));
      const [first] = addresses;
      if (first === undefined) callback(guard.rejection(hostname), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Checks a host that is an IP address: `net.connect` calls no lookup for these. The URL parser has normalized decimal,
 * octal and hexadecimal notations.
 *
 * @param hostname as in a URL, with or without the brackets of IPv6
 * @throws GhesBlockedAddressError
 */
export function checkLiteralAddress(hostname: string, guard: AddressGuard): void {
  const address = withoutBrackets(hostname);
  if (isIP(address) !== 0 && !guard.accepts(address)) throw guard.rejection(hostname);
}

/**
 * Checks a target behind a proxy, which resolves the name itself. Rejects a name that resolves here to blocked
 * addresses only. A name that only the proxy can resolve passes; the proxy's own rules apply.
 *
 * @throws GhesBlockedAddressError
 */
export async function checkProxiedTarget(
  hostname: string,
  guard: AddressGuard,
  lookup?: LookupFunction,
): Promise<void> {
  checkLiteralAddress(hostname, guard);
  if (isIP(withoutBrackets(hostname)) !== 0) return;
  await new Promise<void>((resolve, reject) => {
    guardedLookup(guard, lookup)(hostname, { all: true }, (error) => {
      if (error instanceof GhesBlockedAddressError) reject(error);
      else resolve();
    });
  });
}

function withoutBrackets(hostname: string): string {
  return hostname.startsWith('[') && hostname.endsWith(']') ? hostname.slice(1, -1) : hostname;
}
