import { GhesMalformedResponseError } from '../errors/malformed-response.error.js';
import type { EtagCache } from '../etag-cache.js';
import type { GhesNetwork, WireRequest, WireResponse } from '../network/ghes-network.js';
import { redact } from '../redact.rules.js';
import { responseError } from '../response-error.rules.js';

/** What `@octokit/request` passes to its `fetch`. */
interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: unknown;
}

/** How one attempt goes on the wire. */
export interface WireFetchOptions {
  network: GhesNetwork;
  origin: string;
  quota: string;
  etagCache: EtagCache | undefined;
  maxResponseBytes: number | undefined;
}

/**
 * Octokit's `fetch` over our network. Octokit follows redirects, swallows a broken body and takes a sign-in page for an answer; so what
 * it gets here is complete, successful and JSON, and everything else is an error of ours.
 */
export function wireFetch(options: WireFetchOptions): (url: string, init: FetchInit) => Promise<Response> {
  const { network, origin, quota, etagCache, maxResponseBytes } = options;
  const send = (request: WireRequest): Promise<WireResponse> => network.send(request);
  return async (url, { method, headers, body }) => {
    const payload = typeof body === 'string' ? body : undefined;
    const request: WireRequest = { origin, url, method, headers, body: payload, quota, maxResponseBytes };
    const response = await (etagCache === undefined ? send(request) : etagCache.exchange(request, send));
    const json = readJson(response, `${method} ${redact(url)}`);
    if (response.status < 200 || response.status > 299) {
      throw responseError({ method, url, ...response, body: json }, new Date(), network.clockSkewSeconds());
    }
    const bytes = json === undefined ? null : new Uint8Array(response.body);
    // One plain type, so that Octokit does not stumble over what a gateway makes of the header.
    return new Response(bytes, {
      status: response.status,
      headers: { ...response.headers, 'content-type': 'application/json' },
    });
  };
}

/** The body of a success must be JSON or empty; that of a refusal may be anything, and is only quoted. */
export function readJson({ status, headers, body }: WireResponse, subject: string): unknown {
  if (body.length === 0) return undefined;
  const success = status >= 200 && status < 300;
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    if (!success) return undefined;
    throw malformed(`${subject} was answered in the encoding ${encoding}, which nobody asked for.`, 'encoding', status);
  }
  const type = headers['content-type'] ?? 'no content type';
  const text = body.toString('utf8');
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type)) {
    if (!success) return text;
    throw malformed(`${subject} was answered with ${type} instead of JSON.`, 'content-type', status);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (!success) return text;
    throw malformed(`${subject} was answered with JSON that does not parse.`, 'invalid-json', status);
  }
}

function malformed(message: string, reason: 'encoding' | 'content-type' | 'invalid-json', status: number): Error {
  return new GhesMalformedResponseError(message, reason, { status });
}
