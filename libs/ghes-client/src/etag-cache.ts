import { createHash } from 'node:crypto';
import type { WireRequest, WireResponse } from './network/ghes-network.js';

/** How much an {@link EtagCache} keeps. */
export interface EtagCacheOptions {
  /** Default 200. */
  maxEntries?: number;
  /** Longer bodies are not kept. Default 256 KiB. */
  maxBodyBytes?: number;
}

/**
 * Bodies of polled reads with their ETag: an unchanged answer comes back as 304, which is cheap for the server and costs no quota. The key
 * holds the credential's hash beside the URL, so an answer never gets to another token; clients may share a cache without harm.
 * https://docs.github.com/enterprise-server@latest/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */
export class EtagCache {
  readonly #entries = new Map<string, { etag: string; response: WireResponse }>();
  readonly #maxEntries: number;
  readonly #maxBodyBytes: number;

  constructor({ maxEntries = 200, maxBodyBytes = 256 * 1024 }: EtagCacheOptions = {}) {
    this.#maxEntries = maxEntries;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** Sends a read, with `If-None-Match` if an answer is kept, and gives the kept answer for 304. */
  async exchange(request: WireRequest, send: (request: WireRequest) => Promise<WireResponse>): Promise<WireResponse> {
    if (request.method !== 'GET') return send(request);
    const key = keyOf(request);
    const kept = this.#entries.get(key);
    if (kept === undefined) return this.#keep(key, await send(request));
    const headers = { ...request.headers, 'if-none-match': kept.etag };
    const response = await send({ ...request, headers });
    return response.status === 304 ? this.#keep(key, kept.response) : this.#keep(key, response);
  }

  #keep(key: string, response: WireResponse): WireResponse {
    const etag = response.headers['etag'];
    // Deleted first, so that the order of the map is the order of last use.
    this.#entries.delete(key);
    if (response.status !== 200 || etag === undefined || response.body.length > this.#maxBodyBytes) return response;
    this.#entries.set(key, { etag, response });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#maxEntries && oldest !== undefined) this.#entries.delete(oldest);
    return response;
  }
}

function keyOf({ url, headers }: WireRequest): string {
  const parts = [headers['authorization'] ?? '', headers['accept'] ?? '', url];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
