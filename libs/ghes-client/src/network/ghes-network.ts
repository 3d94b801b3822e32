import type { X509Certificate } from 'node:crypto';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { withSpan } from '@reunite/telemetry';
import pLimit from 'p-limit';
import type { LimitFunction } from 'p-limit';
import type { Dispatcher, buildConnector } from 'undici';
import { GhesForeignOriginError } from '../errors/foreign-origin.error.js';
import { GhesTlsError } from '../errors/tls.error.js';
import { redact } from '../redact.rules.js';
import { readVersion } from '../server-versions.rules.js';
import { parseCidrs } from './address-guard.rules.js';
import { ByteBudget, PROCESS_BYTES, PROCESS_PACK_BYTES } from './byte-budget.js';
import type { OrganizationBudgets } from './byte-budget.js';
import { clockSkewOf } from './clock-skew.rules.js';
import { DEFAULT_ALLOWED_PORTS, guardFor } from './dial-guard.rules.js';
import { createConnector, createDispatcher } from './dispatcher.js';
import type { DispatcherOptions, TlsSettings } from './dispatcher.js';
import { checkProxiedTarget } from './guarded-lookup.js';
import { isOnSubdomain } from './subdomain.rules.js';
import { DEFAULT_NETWORK_LIMITS, maxBytesOf } from './network-limits.js';
import type { NetworkLimits, ResponseSize } from './network-limits.js';
import { bypassesProxy } from './no-proxy.rules.js';
import { RateLimitGate } from './rate-limit-gate.js';
import { forgetConnection, measureRequest } from './request-metrics.js';
import { cancelled, limitedBody, readBody, readStart } from './response-reader.js';
import { StreamedBody } from './streamed-body.js';
import { transportError } from './transport-error.rules.js';

/** Network settings of one connection. */
export interface GhesNetworkOptions extends TlsSettings {
  /**
   * Ranges that the operator opens although they are blocked (loopback for a local stack). Any port of a server in them
   * is allowed. They never open metadata addresses.
   */
  readonly allowedCidrs?: readonly string[];
  /** Ports of servers. Default: 443 and 8443, and 80 for `http:`. */
  readonly allowedPorts?: readonly number[];
  /**
   * `http://proxy:3128`, with user and password if required. The address guard applies to the proxy itself. Its target
   * is checked as far as it resolves here; a name that only the proxy can resolve is left to the proxy's own rules.
   */
  readonly proxyUrl?: string | undefined;
  /** Hosts that are reached without the proxy, see {@link bypassesProxy}. */
  readonly noProxy?: readonly string[];
  /** A header that a gateway in front of the server requires; sent with every request to the connection's origin. */
  readonly gatewayHeader?: { readonly name: string; readonly value: string } | undefined;
  /** Id of the connection, for metrics and traces. */
  readonly connectionId?: string | undefined;
  /** Called with the status and headers of every response, and the quota of its request. */
  readonly onResponse?: (response: ObservedResponse) => void;
  readonly limits?: Partial<NetworkLimits>;
  /** Budgets of the organization that the connection belongs to. Default: the budgets of the process. */
  readonly budgets?: OrganizationBudgets;
  /** Name resolution. Default: the system's. */
  readonly lookup?: LookupFunction;
}

/** The parts of a response that describe the connection, see `rateLimitLeft`. */
export interface ObservedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** See {@link WireRequest.quota}. */
  readonly quota: string | undefined;
}

/** One request as it is sent. */
export interface WireRequest {
  /** The connection's origin. A `url` of another origin is rejected. */
  readonly origin: string;
  /** Also allows a `url` on a subdomain of the origin's host, with its scheme. Default: false. */
  readonly allowSubdomain?: boolean;
  readonly url: string;
  readonly method: string;
  /** The operation as metrics and traces name it, without ids: `GET /repos/{owner}/{repo}`. Default: `other`. */
  readonly operation?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | StreamedBody | undefined;
  /** Default: `object`. */
  readonly size?: ResponseSize | undefined;
  readonly totalTimeoutMs?: number | undefined;
  /** Key of the rate limit that the request counts against. Default: only limits of the whole connection apply. */
  readonly quota?: string | undefined;
  /** Cancels the request, also while it waits for its turn. */
  readonly signal?: AbortSignal | undefined;
}

/** One complete response. Names of headers are lowercase. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Of a response that is not a success, only the first 64 KiB. */
  readonly body: Buffer;
}

/** A response whose body is read while it arrives. */
export interface StreamedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Of a response that is not a success, only the first 64 KiB. Throws the errors of {@link GhesNetwork.send}. */
  readonly body: AsyncIterable<Buffer>;
}

/**
 * The addressing of repositories that a server supports, as its answers show. `by-id`: `/repositories/ID/…` has every operation of
 * `/repos/OWNER/NAME/…`; redirects and links of GHES lead there. `by-name`: it does not, as behind a gateway that lets only
 * documented routes through.
 */
export type RepositoryAddressing = 'unknown' | 'by-id' | 'by-name';

/** The network access of one connection: its keep-alive pool, its limits and what is known about its server. */
export class GhesNetwork {
  readonly limits: NetworkLimits;
  readonly rateLimits = new RateLimitGate();
  /** Learned from the server's answers. */
  repositoryAddressing: RepositoryAddressing = 'unknown';
  private readonly connectionId: string | undefined;
  private readonly onResponse: GhesNetworkOptions['onResponse'];
  private readonly dispatcher: Dispatcher;
  private readonly concurrency: LimitFunction;
  private readonly bytes: ByteBudget;
  private readonly packBytes: ByteBudget;
  private readonly dial: DispatcherOptions;
  private readonly gatewayHeader: Readonly<Record<string, string>>;
  private skewSeconds = 0;
  private version: string | undefined;

  /** @throws InvalidCidrError */
  constructor(options: GhesNetworkOptions = {}) {
    this.limits = { ...DEFAULT_NETWORK_LIMITS, ...options.limits };
    const { ca, pinnedCertificate, clientCertificate, minTlsVersion } = options;
    const { proxyUrl, noProxy = [], lookup, gatewayHeader, allowedPorts = DEFAULT_ALLOWED_PORTS } = options;
    const rules = { opened: parseCidrs(options.allowedCidrs ?? []), ports: allowedPorts };
    const tls = { ca, pinnedCertificate, clientCertificate, minTlsVersion };
    this.dial = { rules, tls, proxyUrl, noProxy, lookup, limits: this.limits };
    this.dispatcher = createDispatcher(this.dial);
    this.gatewayHeader = gatewayHeader === undefined ? {} : { [gatewayHeader.name.toLowerCase()]: gatewayHeader.value };
    this.connectionId = options.connectionId;
    this.onResponse = options.onResponse;
    this.concurrency = pLimit(this.limits.maxConcurrentRequests);
    this.bytes = new ByteBudget(this.limits.maxBytesInFlight, options.budgets?.bytes ?? PROCESS_BYTES);
    this.packBytes = new ByteBudget(this.limits.maxPackBytesInFlight, options.budgets?.packBytes ?? PROCESS_PACK_BYTES);
  }

  /** Seconds that the server's clock is ahead of the local one, by its last response; 0 before the first. */
  clockSkewSeconds(): number {
    return this.skewSeconds;
  }

  /** The version in the server's last response, like `3.17.2`. */
  serverVersion(): string | undefined {
    return this.version;
  }

  /**
   * Sends one request and reads the response. Redirects are not followed; a response with any status is returned.
   *
   * @throws GhesForeignOriginError, GhesBlockedAddressError, GhesUnreachableError, GhesTlsError,
   *   GhesResponseTooLargeError, GhesMalformedResponseError; GhesRateLimitedError while an earlier limit applies;
   *   GhesBusyError if too many bytes are in flight; GhesCancelledError
   */
  send(request: WireRequest): Promise<WireResponse> {
    return this.receive(request, async ({ status, headers, body }) => {
      return { status, headers, body: await readBody(body) };
    });
  }

  /**
   * Sends one request and passes the response to `read` while it arrives. The request counts against the concurrency of
   * the connection until `read` ends. Errors of `read` itself are passed on.
   *
   * @throws as {@link send}
   */
  async receive<T>(request: WireRequest, read: (response: StreamedResponse) => Promise<T>): Promise<T> {
    const subject = `${request.method} ${redact(request.url)}`;
    const url = new URL(request.url);
    if (url.origin !== request.origin && !(request.allowSubdomain === true && isOnSubdomain(url, request.origin))) {
      throw new GhesForeignOriginError(`${subject} was rejected: this connection belongs to ${request.origin}.`);
    }
    return untilAborted(request.signal, subject, () =>
      this.concurrency(() => {
        if (request.signal?.aborted) throw cancelled(subject);
        return this.observed(request, url, () => this.exchange(request, url, subject, read));
      }),
    );
  }

  /**
   * Reads the certificate that a server presents, whether it is trusted or not. Only the TLS handshake takes place; nothing
   * is sent.
   *
   * @throws GhesBlockedAddressError, GhesUnreachableError, GhesTlsError, GhesProxyError
   */
  async serverCertificate(origin: string): Promise<X509Certificate> {
    const url = new URL(origin);
    const subject = `TLS handshake with ${url.host}`;
    try {
      await this.checkTarget(url);
      return await presentedCertificate(createConnector(this.dial, { rejectUnauthorized: false }), url);
    } catch (error) {
      throw transportError(error, subject);
    }
  }

  /** Closes all keep-alive connections when their requests are done. */
  async close(): Promise<void> {
    await this.dispatcher.close();
    if (this.connectionId !== undefined) forgetConnection(this.connectionId);
  }

  /** The trace is not sent to the server: it belongs to others. */
  private observed<T>(request: WireRequest, { host }: URL, send: () => Promise<Exchange<T>>): Promise<T> {
    const { connectionId } = this;
    const attributes = {
      'http.request.method': request.method,
      'server.address': host,
      ...(connectionId !== undefined && { 'reunite.connection.id': connectionId }),
    };
    return withSpan(`ghes ${request.operation ?? 'other'}`, { kind: 'client', attributes }, async (span) => {
      const response = await measureRequest(request, connectionId, send);
      this.onResponse?.({ status: response.status, headers: response.headers, quota: request.quota });
      span.setAttribute('http.response.status_code', response.status);
      span.setAttribute('http.response.body.size', response.bytes);
      return response.result;
    });
  }

  /** The name of a server behind a proxy is resolved by the proxy, so it is checked here before. */
  private async checkTarget(url: URL): Promise<void> {
    const { proxyUrl, noProxy, rules, lookup } = this.dial;
    if (proxyUrl === undefined || bypassesProxy(url, noProxy)) return;
    await checkProxiedTarget(url.hostname, guardFor(url, rules), lookup);
  }

  private async exchange<T>(
    request: WireRequest,
    url: URL,
    subject: string,
    read: (response: StreamedResponse) => Promise<T>,
  ): Promise<Exchange<T>> {
    const failure = (error: unknown) => (request.signal?.aborted ? cancelled(subject) : transportError(error, subject));
    const response = await this.open(request, url, subject).catch((error: unknown) => {
      throw failure(error);
    });
    const { status, headers } = response;
    let bytes = 0;
    const body = counted(this.bodyOf(request, response, subject, failure), (length) => (bytes += length));
    try {
      const result = await read({ status, headers, body });
      return { status, headers, bytes, result };
    } finally {
      // The rest of a body that was not read to its end; destroying it emits an error.
      response.body.on('error', () => undefined).destroy();
    }
  }

  private async open(request: WireRequest, url: URL, subject: string) {
    // Checked after the wait: an earlier request may have met a limit meanwhile.
    this.rateLimits.assertOpen(request.quota, subject);
    await this.checkTarget(url);
    const { body, signal, totalTimeoutMs = this.limits.totalTimeoutMs } = request;
    const timeout = AbortSignal.timeout(totalTimeoutMs);
    const sentAt = Date.now();
    const isStreamed = body instanceof StreamedBody;
    const response = await this.dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: {
        ...request.headers,
        ...(isStreamed && { 'content-length': String(body.length) }),
        ...(url.origin === request.origin && this.gatewayHeader),
      },
      // One chunk at a time is in memory.
      body: isStreamed ? Readable.from(body.open(), { objectMode: true, highWaterMark: 1 }) : (body ?? null),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const headers = flatHeaders(response.headers);
    this.skewSeconds = clockSkewOf(headers, sentAt, Date.now()) ?? this.skewSeconds;
    this.version = readVersion(headers['x-github-enterprise-version']) ?? this.version;
    return { status: response.statusCode, headers, body: response.body };
  }

  private async *bodyOf(
    { size = 'object' }: WireRequest,
    { status, body }: { readonly status: number; readonly body: AsyncIterable<Buffer> },
    subject: string,
    failure: (error: unknown) => Error,
  ): AsyncGenerator<Buffer> {
    const { limits } = this;
    try {
      if (status < 200 || status > 299) {
        yield await readStart(body, limits.maxErrorBytes);
        return;
      }
      const budget = size === 'pack' || size === 'refs' ? this.packBytes : this.bytes;
      yield* limitedBody(body, maxBytesOf(size, limits), budget, subject);
    } catch (error) {
      throw failure(error);
    }
  }
}

/** A complete exchange. */
interface Exchange<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Length of the body that was read. */
  readonly bytes: number;
  readonly result: T;
}

async function* counted(body: AsyncIterable<Buffer>, count: (length: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    count(chunk.length);
    yield chunk;
  }
}

/** The network of one connection. @throws InvalidCidrError */
export function ghesNetwork(options: GhesNetworkOptions = {}): GhesNetwork {
  return new GhesNetwork(options);
}

/** Rejects as soon as the signal is aborted, even if `run` is still queued. */
async function untilAborted<T>(signal: AbortSignal | undefined, subject: string, run: () => Promise<T>): Promise<T> {
  if (!signal) return run();
  if (signal.aborted) throw cancelled(subject);
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(cancelled(subject));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([run(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function presentedCertificate(connector: buildConnector.connector, url: URL): Promise<X509Certificate> {
  const { hostname, host, protocol, port } = url;
  return new Promise((resolve, reject) => {
    connector({ hostname, host, protocol, port }, (error, socket) => {
      if (error !== null) {
        reject(error);
        return;
      }
      const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
      socket.destroy();
      if (certificate) resolve(certificate);
      else reject(new GhesTlsError(`${host} presented no certificate.`, 'no-tls'));
    });
  });
}

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
