import type { GhesNetwork } from '../network/ghes-network.js';
import type { ResponseSize } from '../network/network-limits.js';
import { StreamedBody } from '../network/streamed-body.js';
import { redact } from '../redact.rules.js';
import { responseError } from '../response-error.rules.js';
import { readJson } from './read-json.rules.js';

/** Options that `@octokit/request` passes to its `fetch`. */
interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/** The part of a response that `@octokit/request` reads with `parseSuccessResponseBody: false`. */
interface ParsedResponse {
  readonly status: number;
  readonly url: string;
  readonly headers: Iterable<[string, string]>;
  readonly body: unknown;
}

/** Settings of one attempt. */
export interface WireFetchOptions {
  readonly network: GhesNetwork;
  readonly origin: string;
  readonly quota: string;
  readonly operation: string;
  readonly size: ResponseSize | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Octokit's `fetch` over the connection's network. Octokit itself follows redirects, ignores a broken body, accepts a
 * sign-in page as a response and parses JSON with a slow parser. This function returns only complete, successful
 * responses, parsed once, and throws a GhesError otherwise. Use it with `parseSuccessResponseBody: false`.
 */
export function wireFetch(options: WireFetchOptions): (url: string, init: FetchInit) => Promise<ParsedResponse> {
  const { network, origin, quota, operation, size, signal } = options;
  return async (url, { method, headers, body }) => {
    const payload = typeof body === 'string' || body instanceof StreamedBody ? body : undefined;
    const response = await network.send({
      ...{ origin, url, method, headers, quota, operation, size, signal },
      body: payload,
    });
    const json = readJson(response, `${method} ${redact(url)}`);
    if (response.status < 200 || response.status > 299) {
      throw responseError({ method, url, ...response, body: json }, new Date(), network.clockSkewSeconds());
    }
    return { status: response.status, url, headers: Object.entries(response.headers), body: json };
  };
}
