import type { LookupFunction } from 'node:net';
import { DEFAULT_CIPHERS, rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import { Agent, buildConnector } from 'undici';
import { guardFor, proxyGuardFor } from './dial-guard.rules.js';
import type { DialRules } from './dial-guard.rules.js';
import type { AddressGuard } from './guarded-lookup.js';
import { checkLiteralAddress, guardedLookup } from './guarded-lookup.js';
import type { NetworkLimits } from './network-limits.js';
import { bypassesProxy } from './no-proxy.rules.js';
import { tunnelConnector } from './proxy-tunnel.js';

/** TLS settings of one connection: the trusted certificates, and the client's own. */
export interface TlsSettings {
  /** PEM bundle of private certificate authorities, trusted in addition to the public ones. */
  readonly ca?: string | undefined;
  /** PEM of one certificate of the server that is trusted without its issuer. */
  readonly pinnedCertificate?: string | undefined;
  /** PEM of the client certificate with its chain, and of its key, for mutual TLS. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string } | undefined;
  /** Default: Node's, TLS 1.2. */
  readonly minTlsVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
}

/** Rules and settings of the dials of one connection. */
export interface DispatcherOptions {
  readonly rules: DialRules;
  readonly tls: TlsSettings;
  readonly proxyUrl: string | undefined;
  /** Hosts that are dialled directly although there is a proxy. */
  readonly noProxy: readonly string[];
  readonly lookup: LookupFunction | undefined;
  readonly limits: NetworkLimits;
}

/** Creates the keep-alive pool of one connection; a guard checks each dial. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { limits } = options;
  return new Agent({
    connections: limits.maxConcurrentRequests,
    headersTimeout: limits.headersTimeoutMs,
    bodyTimeout: limits.bodyTimeoutMs,
    maxHeaderSize: 32 * 1024,
    connect: createConnector(options),
  });
}

/**
 * Creates the function that dials the server of one connection, through its proxy if it has one.
 *
 * @param overrides of the TLS options for the server
 */
export function createConnector(
  options: DispatcherOptions,
  overrides: buildConnector.BuildOptions = {},
): buildConnector.connector {
  const { tls, proxyUrl, noProxy, limits } = options;
  const timeout = limits.connectTimeoutMs;
  const serverTls = { ...trustOf(tls), ...identityOf(tls), ...overrides, timeout };
  const direct = guardedConnector(options, guardFor, serverTls);
  if (proxyUrl === undefined) return direct;
  const tunnel = tunnelConnector({
    proxyUrl,
    // The client certificate is for the server only.
    dialProxy: guardedConnector(options, proxyGuardFor, { ...trustOf(tls), timeout }),
    secure: buildConnector(serverTls),
    timeoutMs: timeout,
  });
  return (target, callback) => (bypassesProxy(target, noProxy) ? direct : tunnel)(target, callback);
}

function guardedConnector(
  { rules, lookup }: DispatcherOptions,
  guardOf: typeof guardFor,
  tls: buildConnector.BuildOptions,
): buildConnector.connector {
  // One connector per port, because a connector caches TLS sessions.
  const connectors = new Map<string, { guard: AddressGuard; connect: buildConnector.connector }>();
  return (options, callback) => {
    const key = `${options.protocol}${options.port}`;
    let entry = connectors.get(key);
    if (!entry) {
      const guard = guardOf({ protocol: options.protocol, port: options.port }, rules);
      entry = { guard, connect: buildConnector({ ...tls, lookup: guardedLookup(guard, lookup) }) };
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

/**
 * Without the exchanges in which the server chooses a prime: one of 8,192 bits costs the client 0.2 s of its event loop per
 * handshake. Every supported GHES offers elliptic curves.
 *
 * @see https://dheatattack.gitlab.io
 */
const CIPHERS = `${DEFAULT_CIPHERS}:!kDHE`;

/** The connection's authorities in addition to the public ones: a server may change to a public certificate. */
function trustOf({ ca, pinnedCertificate, minTlsVersion }: TlsSettings): buildConnector.BuildOptions {
  const own = [ca, pinnedCertificate].filter((pem) => pem !== undefined);
  return {
    ciphers: CIPHERS,
    ...(own.length === 0 ? {} : { ca: [...rootCertificates, ...own] }),
    // Accepts a pinned certificate without its issuer. Trust still ends at a certificate of the list.
    ...(pinnedCertificate === undefined ? {} : { allowPartialTrustChain: true }),
    ...(minTlsVersion === undefined ? {} : { minVersion: minTlsVersion }),
  };
}

function identityOf({ clientCertificate }: TlsSettings): buildConnector.BuildOptions {
  return clientCertificate === undefined ? {} : { cert: clientCertificate.cert, key: clientCertificate.key };
}
