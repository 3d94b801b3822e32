import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { GhesMalformedResponseError } from '../errors/malformed-response.error.js';

/**
 * Pages of a listing, by the `Link` header. A link to another origin is refused by the client: a gateway may rewrite links, and the
 * credential must not follow them.
 *
 * @throws GhesForeignOriginError, and all errors of a request
 */
export async function* pages<T>(
  client: GhesClient,
  route: string,
  parameters: Record<string, unknown>,
  schema: z.ZodType<T>,
): AsyncGenerator<T, void, undefined> {
  const seen = new Set<string>();
  let page = await client.request(route, { per_page: 100, ...parameters }, schema);
  for (;;) {
    yield page.data;
    const next = nextLink(page.link);
    if (next === undefined) return;
    if (seen.has(next)) {
      throw new GhesMalformedResponseError(`${route} gives pages in a circle.`, 'unexpected-shape');
    }
    seen.add(next);
    page = await client.request(`GET ${next}`, {}, schema);
  }
}

/** The items of a listing whose pages are arrays. Errors as for {@link pages}. */
export async function* items<T>(
  client: GhesClient,
  route: string,
  parameters: Record<string, unknown>,
  schema: z.ZodType<T>,
): AsyncGenerator<T, void, undefined> {
  for await (const page of pages(client, route, parameters, z.array(schema))) yield* page;
}

/** The target of `rel="next"`. */
export function nextLink(link: string | undefined): string | undefined {
  for (const [, target, attributes = ''] of (link ?? '').matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (/;\s*rel="?next"?/i.test(attributes)) return target;
  }
  return undefined;
}
