import { rootCertificates } from 'node:tls';
import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { Agent, Pool, ProxyAgent, buildConnector } from 'undici';
import { guardFor, proxyGuardFor } from './dial-guard.rules.js';
import type { DialRules } from './dial-guard.rules.js';
import type { AddressGuard } from './guarded-lookup.js';
import { checkLiteralAddress, guardedLookup } from './guarded-lookup.js';
import type { NetworkLimits } from './network-limits.js';

/** Rules and settings of the dials of one connection. */
export interface DispatcherOptions {
  readonly rules: DialRules;
  readonly ca: string | undefined;
  readonly proxyUrl: string | undefined;
  readonly lookup: LookupFunction | undefined;
  readonly limits: NetworkLimits;
}

/** Creates the keep-alive pool of one connection; a guard checks each dial. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { limits, proxyUrl } = options;
  const pool = {
    connections: limits.maxConcurrentRequests,
    headersTimeout: limits.headersTimeoutMs,
    bodyTimeout: limits.bodyTimeoutMs,
    maxHeaderSize: 32 * 1024,
  };
  if (proxyUrl === undefined) return new Agent({ ...pool, connect: guardedConnector(options, guardFor) });
  const connect = guardedConnector(options, proxyGuardFor);
  return new ProxyAgent({
    ...pool,
    uri: proxyUrl,
    requestTls: { ...trust(options.ca), timeout: limits.connectTimeoutMs },
    clientFactory: (origin) => new Pool(origin, { ...pool, connect }),
  });
}

function guardedConnector(
  { rules, ca, lookup, limits }: DispatcherOptions,
  guardOf: typeof guardFor,
): buildConnector.connector {
  // One connector per port, because a connector caches TLS sessions.
  const connectors = new Map<string, { guard: AddressGuard; connect: buildConnector.connector }>();
  return (options, callback) => {
    const key = `${options.protocol}${options.port}`;
    let entry = connectors.get(key);
    if (!entry) {
      const guard = guardOf({ protocol: options.protocol, port: options.port }, rules);
      const timeout = limits.connectTimeoutMs;
      entry = { guard, connect: buildConnector({ ...trust(ca), timeout, lookup: guardedLookup(guard, lookup) }) };
      connectors.set(key, entry);
    }
    try {
      checkLiteralAddress(options.hostname, entry.guard);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    entry.connect(options, callback);
  };
}

/** The connection's authorities in addition to the public ones: a server may change to a public certificate. */
function trust(ca: string | undefined): { ca?: string[] } {
  return ca === undefined ? {} : { ca: [...rootCertificates, ca] };
}
