import type { LookupAddress } from 'node:dns';
import { lookup as dnsLookup } from 'node:dns';
import type { BlockList, LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { GhesBlockedAddressError } from '../errors/blocked-address.error.js';
import { blockedReason } from './address-guard.rules.js';

/**
 * A lookup for `net.connect` that gives only addresses that may be dialled. The checked address is the dialled one: there is no second
 * resolution in between that a rebinding name server could answer differently.
 */
export function guardedLookup(allowed: BlockList, lookup: LookupFunction = dnsLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const addresses = (found as LookupAddress[]).filter(
        ({ address }) => blockedReason(address, allowed) === undefined,
      );
      const [first] = addresses;
      if (first === undefined) callback(blockedAddress(hostname), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Checks a host that is written as an address: `net.connect` calls no lookup for these. Decimal, octal and hexadecimal forms have
 * been normalised by the URL parser.
 *
 * @param hostname - as in a URL, with or without the brackets of IPv6
 * @throws GhesBlockedAddressError
 */
export function checkLiteralAddress(hostname: string, allowed: BlockList): void {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0 && blockedReason(address, allowed) !== undefined) throw blockedAddress(hostname);
}

/**
 * Behind a proxy it is the proxy that resolves the name. What can be done here: refuse what resolves here to blocked addresses only. A
 * name that only the proxy can resolve passes; the proxy's own rules apply.
 *
 * @throws GhesBlockedAddressError
 */
export async function checkProxiedTarget(hostname: string, allowed: BlockList, lookup?: LookupFunction): Promise<void> {
  checkLiteralAddress(hostname, allowed);
  if (isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) return;
  await new Promise<void>((resolve, reject) => {
    guardedLookup(allowed, lookup)(hostname, { all: true }, (error) => {
      if (error instanceof GhesBlockedAddressError) reject(error);
      else resolve();
    });
  });
}

function blockedAddress(hostname: string): GhesBlockedAddressError {
  // The address itself is not told: an answer must not map the inner network for whoever asks.
  return new GhesBlockedAddressError(`${hostname} leads to an address that must not be called from here.`);
}
