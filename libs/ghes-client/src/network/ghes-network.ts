import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { GhesForeignOriginError } from '../errors/foreign-origin.error.js';
import { GhesResponseTooLargeError } from '../errors/response-too-large.error.js';
import { redact } from '../redact.rules.js';
import { parseCidrs } from './address-guard.rules.js';
import { clockSkewOf } from './clock-skew.rules.js';
import { createDispatcher } from './dispatcher.js';
import { checkProxiedTarget } from './guarded-lookup.js';
import type { NetworkLimits } from './network-limits.js';
import { defaultNetworkLimits } from './network-limits.js';
import { RateLimitGate } from './rate-limit-gate.js';
import { Semaphore } from './semaphore.js';
import { transportError } from './transport-error.rules.js';

/** How one connection reaches its server. */
export interface GhesNetworkOptions {
  /** Ranges that the operator opens although they are blocked (loopback for a local stack). They never open metadata addresses. */
  allowedCidrs?: readonly string[];
  /** PEM bundle of private certificate authorities, trusted on top of the public ones. */
  ca?: string | undefined;
  /**
   * `http://proxy:3128`, with user and password if need be. The proxy itself is dialled under the address guard. Its target is checked
   * here as far as it resolves here; a name that only the proxy can resolve is left to the proxy's own rules.
   */
  proxyUrl?: string | undefined;
  limits?: Partial<NetworkLimits>;
  /** Name resolution. Default: the system's. */
  lookup?: LookupFunction;
}

/** One request as it goes on the wire. */
export interface WireRequest {
  /** The connection's origin. A `url` of another origin is refused. */
  origin: string;
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Buffer | undefined;
  /** Default: the network's limit for API responses. */
  maxResponseBytes?: number | undefined;
  totalTimeoutMs?: number | undefined;
  /** Key of the rate limit that holds this request back. Default: only what holds back the whole connection. */
  quota?: string | undefined;
}

/** One response, complete. Names of headers are lowercase. */
export interface WireResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** The way to one server: its keep-alive pool, its limits and what is learned about it. One per connection; close it at the end. */
export class GhesNetwork {
  readonly limits: NetworkLimits;
  /** What is known of the server's rate limits. */
  readonly rateLimits = new RateLimitGate();
  readonly #dispatcher: Dispatcher;
  readonly #semaphore: Semaphore;
  readonly #checkTarget: (hostname: string) => Promise<void>;
  #clockSkewSeconds = 0;
  #serverVersion: string | undefined;

  /** @throws InvalidCidrError */
  constructor(options: GhesNetworkOptions = {}) {
    this.limits = { ...defaultNetworkLimits, ...options.limits };
    const allowed = parseCidrs(options.allowedCidrs ?? []);
    const { ca, proxyUrl, lookup } = options;
    this.#dispatcher = createDispatcher({ allowed, ca, proxyUrl, lookup, limits: this.limits });
    this.#semaphore = new Semaphore(this.limits.maxConcurrentRequests);
    this.#checkTarget = (hostname) =>
      proxyUrl === undefined ? Promise.resolve() : checkProxiedTarget(hostname, allowed, lookup);
  }

  /** Seconds that the server's clock is ahead of ours, by its last response; 0 before the first. */
  clockSkewSeconds(): number {
    return this.#clockSkewSeconds;
  }

  /** Version that the server named last, like `3.17.2`. */
  serverVersion(): string | undefined {
    return this.#serverVersion;
  }

  /**
   * Sends one request and reads the whole response. Redirects are not followed; any status is a response, not an error.
   *
   * @throws GhesForeignOriginError, GhesBlockedAddressError, GhesUnreachableError, GhesTlsError, GhesResponseTooLargeError, GhesMalformedResponseError,
   *   GhesRateLimitedError while an earlier limit holds
   */
  async send(request: WireRequest): Promise<WireResponse> {
    const subject = `${request.method} ${redact(request.url)}`;
    const url = new URL(request.url);
    if (url.origin !== request.origin) {
      throw new GhesForeignOriginError(`${subject} was refused: this connection belongs to ${request.origin}.`);
    }
    return this.#semaphore.run(async () => {
      try {
        // Asked when its turn comes: a limit may have been met while the request waited.
        this.rateLimits.assertOpen(request.quota, subject);
        await this.#checkTarget(url.hostname);
        return await this.#exchange(request, url, subject);
      } catch (error) {
        throw transportError(error, subject);
      }
    });
  }

  /** Ends all keep-alive connections once their requests are done. */
  async close(): Promise<void> {
    await this.#dispatcher.close();
  }

  async #exchange(request: WireRequest, url: URL, subject: string): Promise<WireResponse> {
    const sentAt = Date.now();
    const response = await this.#dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      signal: AbortSignal.timeout(request.totalTimeoutMs ?? this.limits.totalTimeoutMs),
    });
    const headers = flatHeaders(response.headers);
    this.#clockSkewSeconds = clockSkewOf(headers, sentAt, Date.now()) ?? this.#clockSkewSeconds;
    this.#serverVersion = headers['x-github-enterprise-version'] ?? this.#serverVersion;
    const limit = request.maxResponseBytes ?? this.limits.maxResponseBytes;
    return { status: response.statusCode, headers, body: await readAll(response.body, limit, subject) };
  }
}

/** The network of one connection. @throws InvalidCidrError */
export function ghesNetwork(options: GhesNetworkOptions = {}): GhesNetwork {
  return new GhesNetwork(options);
}

async function readAll(body: AsyncIterable<Buffer>, limit: number, subject: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop destroys the stream and with it the connection, so nothing after the limit is read.
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limit) {
      throw new GhesResponseTooLargeError(`${subject} was answered with more than ${limit} bytes.`, limit);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
