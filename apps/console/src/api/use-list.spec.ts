import { describe, expect, it } from '@jest/globals';
import type { Page } from '@reunite/contracts';
import { readPages } from './use-list.js';
import type { Path } from './paths.js';

const pages: Readonly<Record<string, Page<number>>> = {
  '/list': { items: [1, 2], endCursor: 'a' },
  '/list?after=a': { items: [3, 4], endCursor: 'b' },
  '/list?after=b': { items: [5], endCursor: null },
};

function read(path: string): Promise<Page<number>> {
  return Promise.resolve(pages[path]!);
}

describe('the pages of a list', () => {
  const path: Path<Page<number>> = '/list';

  it('are read one after the other, as many as are shown', async () => {
    await expect(readPages(path, 2, read)).resolves.toEqual({ items: [1, 2, 3, 4], endCursor: 'b' });
  });

  it('end with the last one', async () => {
    await expect(readPages(path, 9, read)).resolves.toEqual({ items: [1, 2, 3, 4, 5], endCursor: null });
  });
});
