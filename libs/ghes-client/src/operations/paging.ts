import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { GhesMalformedResponseError } from '../errors/malformed-response.error.js';
import { GhesResponseTooLargeError } from '../errors/response-too-large.error.js';
import type { ResponseSize } from '../network/network-limits.js';
import { listOf } from './list.schema.js';

/** The largest page that servers support. */
export const PAGE_ITEMS = 100;

/** The page at which a listing starts. */
export interface PageStart {
  /** From 1. */
  readonly page?: number | undefined;
  /** 1 to 100. */
  readonly perPage?: number | undefined;
}

/** A listing to read page by page. */
export interface Listing {
  readonly route: string;
  readonly parameters: Record<string, unknown>;
  /** Default: `page`. */
  readonly size?: ResponseSize;
}

/**
 * Reads a listing whose pages are arrays, following `Link` headers. A link to another origin is rejected by the client:
 * a gateway may rewrite links, and the credential must not follow them.
 *
 * @throws GhesForeignOriginError; GhesResponseTooLargeError for more pages or items, or after more time, than the
 *   network's limits allow; all errors of a request
 */
export function items<T>(
  client: GhesClient,
  route: string,
  parameters: Record<string, unknown>,
  schema: z.ZodType<T>,
  size?: ResponseSize,
): AsyncGenerator<T, void, undefined> {
  return read(client, { route, parameters, ...(size && { size }) }, listOf(schema, PAGE_ITEMS));
}

/** Reads a listing whose pages are objects with the items under `key`. Errors as for {@link items}. */
export function itemsUnder<T>(
  client: GhesClient,
  route: string,
  parameters: Record<string, unknown>,
  key: string,
  schema: z.ZodType<T>,
): AsyncGenerator<T, void, undefined> {
  const page = z.looseObject({ [key]: listOf(schema, PAGE_ITEMS) });
  return read(
    client,
    { route, parameters },
    page.transform((body) => body[key] as T[]),
  );
}

async function* read<T>(
  client: GhesClient,
  { route, parameters, size = 'page' }: Listing,
  page: z.ZodType<T[]>,
): AsyncGenerator<T, void, undefined> {
  const { maxListingPages, maxListingItems, listingTimeoutMs } = client.limits;
  const deadline = Date.now() + listingTimeoutMs;
  const visited = new Set<string>();
  let count = 0;
  let response = await client.request(route, { per_page: PAGE_ITEMS, ...parameters }, page, { size });
  for (let number = 1; ; number++) {
    yield* response.data;
    count += response.data.length;
    const next = nextLink(response.link);
    if (next === undefined) return;
    if (visited.has(next))
      throw new GhesMalformedResponseError(`${route} links its pages in a cycle.`, 'unexpected-shape');
    visited.add(next);
    if (number >= maxListingPages || count >= maxListingItems) {
      throw new GhesResponseTooLargeError(
        `${route} has more than ${maxListingPages} pages or ${maxListingItems} items.`,
        maxListingItems,
      );
    }
    if (Date.now() > deadline) {
      throw new GhesResponseTooLargeError(`${route} took more than ${listingTimeoutMs} ms.`, listingTimeoutMs);
    }
    response = await client.request(`GET ${next}`, {}, page, { size });
  }
}

const MAX_LINK_LENGTH = 8_192;

/** The target of `rel="next"`. */
export function nextLink(link: string | undefined): string | undefined {
  for (const [, target, attributes = ''] of (link ?? '').slice(0, MAX_LINK_LENGTH).matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (/;\s{0,8}rel="?next"?/i.test(attributes)) return target;
  }
  return undefined;
}
