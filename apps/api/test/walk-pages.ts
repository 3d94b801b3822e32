import type { Page } from '@reunite/contracts';
import type { TestApi } from './test-api.js';

export interface Walk {
  /** Items of all pages, from the first page to the last. */
  readonly forward: unknown[];
  /** Items of all pages, from the last page back to the first, in the order of the list. */
  readonly backward: unknown[];
}

/**
 * Reads a list to its end by `endCursor` and back by `startCursor`.
 *
 * @param path with a query
 */
export async function walkPages(api: TestApi, path: string): Promise<Walk> {
  const read = async (cursor: string) => (await api.json('GET', `${path}${cursor}`)) as unknown as Page<unknown>;
  let page = await read('');
  const forward = [...page.items];
  while (page.endCursor !== null) {
    page = await read(`&after=${page.endCursor}`);
    forward.push(...page.items);
  }
  const backward = [...page.items];
  while (page.startCursor !== null) {
    page = await read(`&before=${page.startCursor}`);
    backward.unshift(...page.items);
  }
  return { forward, backward };
}
