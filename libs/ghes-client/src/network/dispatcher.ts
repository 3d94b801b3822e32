import { rootCertificates } from 'node:tls';
import type { BlockList, LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { Agent, Pool, ProxyAgent, buildConnector } from 'undici';
import { checkLiteralAddress, guardedLookup } from './guarded-lookup.js';
import type { NetworkLimits } from './network-limits.js';

/** Whom to dial, and how. */
export interface DispatcherOptions {
  allowed: BlockList;
  ca: string | undefined;
  proxyUrl: string | undefined;
  lookup: LookupFunction | undefined;
  limits: NetworkLimits;
}

/** The keep-alive pool of one connection, with the address guard in front of each dial. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { limits, proxyUrl } = options;
  const connect = guardedConnector(options);
  const pool = {
    connections: limits.maxConcurrentRequests,
    headersTimeout: limits.headersTimeoutMs,
    bodyTimeout: limits.bodyTimeoutMs,
    maxHeaderSize: 32 * 1024,
  };
  if (proxyUrl === undefined) return new Agent({ ...pool, connect });
  return new ProxyAgent({
    ...pool,
    uri: proxyUrl,
    requestTls: { ...trust(options.ca), timeout: limits.connectTimeoutMs },
    // The proxy is dialled under the same guard: its address is configured per connection as well.
    clientFactory: (origin) => new Pool(origin, { ...pool, connect }),
  });
}

function guardedConnector({ allowed, ca, lookup, limits }: DispatcherOptions): buildConnector.connector {
  const connect = buildConnector({
    ...trust(ca),
    timeout: limits.connectTimeoutMs,
    lookup: guardedLookup(allowed, lookup),
  });
  return (options, callback) => {
    try {
      checkLiteralAddress(options.hostname, allowed);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    connect(options, callback);
  };
}

/** The connection's own authorities come on top of the public ones: a server may move to a public certificate without a break. */
function trust(ca: string | undefined): { ca?: string[] } {
  return ca === undefined ? {} : { ca: [...rootCertificates, ca] };
}
