import type { BlockList } from 'node:net';
import { isIP } from 'node:net';
import { GhesBlockedAddressError } from '../errors/blocked-address.error.js';
import { blockedReason } from './address-guard.rules.js';
import type { AddressGuard } from './guarded-lookup.js';

/** Ports on which GitHub Enterprise Server and the gateways in front of it usually serve the API. */
export const DEFAULT_ALLOWED_PORTS: readonly number[] = [443, 8443];

/** Usual ports of HTTP proxies. */
const PROXY_PORTS: readonly number[] = [80, 443, 3128, 8080, 8443];

/** Addresses and ports that a connection may dial. */
export interface DialRules {
  /** Ranges that the operator opened, with all their ports. */
  readonly opened: BlockList;
  readonly ports: readonly number[];
}

/**
 * The guard for one port. On a port where no server is expected, only addresses in opened ranges are accepted:
 * otherwise a tenant could make the bridge talk to databases and caches of the private network.
 */
export function guardFor(url: Pick<URL, 'protocol' | 'port'>, { opened, ports }: DialRules): AddressGuard {
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
  // Port 80 is the default of http:, which the operator has to allow by itself.
  if (ports.includes(port) || (port === 80 && url.protocol === 'http:')) return addressGuard(opened);
  return {
    accepts: (address) => isIn(opened, address) && blockedReason(address, opened) === undefined,
    rejection: (hostname) =>
      new GhesBlockedAddressError(`Port ${port} of ${hostname} must not be called; allowed are ${ports.join(', ')}.`),
  };
}

/** The guard for the proxy itself, whose address tenants configure too. */
export function proxyGuardFor(url: Pick<URL, 'protocol' | 'port'>, rules: DialRules): AddressGuard {
  return guardFor(url, { ...rules, ports: PROXY_PORTS });
}

function addressGuard(opened: BlockList): AddressGuard {
  return {
    accepts: (address) => blockedReason(address, opened) === undefined,
    // Without the address: error messages must not map the internal network for a tenant.
    rejection: (hostname) => new GhesBlockedAddressError(`${hostname} resolves to an address that must not be called.`),
  };
}

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
