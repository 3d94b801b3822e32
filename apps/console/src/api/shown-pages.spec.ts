import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from '@reunite/contracts';
import type { Path } from './paths.js';
import { ProblemError } from './problem.error.js';
import { ShownPages } from './shown-pages.js';

const path: Path<Page<number>> = '/list';
let pages: Record<string, Page<number>>;
let asked: string[];

async function read(one: string): Promise<Page<number>> {
  asked.push(one);
  const page = pages[one];
  if (page) return Promise.resolve(page);
  throw new ProblemError({ type: 'x', title: 'Conflict', status: 409, code: 'conflict', detail: 'It has moved on.' });
}

describe('the pages of a list', () => {
  let sut: ShownPages<number>;

  beforeEach(() => {
    sut = new ShownPages(path);
    asked = [];
    pages = {
      '/list': { items: [1, 2], endCursor: 'a' },
      '/list?after=a': { items: [3, 4], endCursor: 'b' },
      '/list?after=b': { items: [5], endCursor: null },
    };
  });

  it('are read one by one and once each, until the last', async () => {
    await sut.load(read);
    sut.more();
    await expect(sut.load(read)).resolves.toEqual({ items: [1, 2, 3, 4], endCursor: 'b' });
    sut.more();
    await expect(sut.load(read)).resolves.toEqual({ items: [1, 2, 3, 4, 5], endCursor: null });
    expect(asked).toEqual(['/list', '/list?after=a', '/list?after=b']);
  });

  it('are reloaded from the first page on a change, as many as are shown', async () => {
    await sut.load(read);
    sut.more();
    await sut.load(read);
    pages['/list'] = { items: [0, 1, 2], endCursor: 'a' };
    await expect(sut.load(read)).resolves.toEqual({ items: [0, 1, 2, 3, 4], endCursor: 'b' });
  });

  it('are requested one at a time', async () => {
    await sut.load(read);
    sut.more();
    const next = sut.load(read);
    expect(sut.more()).toBe(false);
    await expect(next).resolves.toMatchObject({ items: [1, 2, 3, 4] });
  });

  it('are all reloaded if the next page is requested during a change', async () => {
    await sut.load(read);
    const changed = sut.load(read);
    expect(sut.more()).toBe(true);
    await changed;
    pages['/list'] = { items: [0, 1, 2], endCursor: 'a' };
    await expect(sut.load(read)).resolves.toMatchObject({ items: [0, 1, 2, 3, 4] });
  });

  it('start again from the first page if the cursor is invalid', async () => {
    await sut.load(read);
    sut.more();
    delete pages['/list?after=a'];
    pages['/list'] = { items: [7, 8], endCursor: 'c' };
    await expect(sut.load(read)).resolves.toEqual({ items: [7, 8], endCursor: 'c' });
    delete pages['/list'];
    await expect(sut.load(read)).rejects.toThrow('It has moved on.');
  });

  it('show the requested page once it can be read', async () => {
    await sut.load(read);
    sut.more();
    await expect(sut.load(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    await expect(sut.load(read)).resolves.toMatchObject({ items: [1, 2, 3, 4] });
  });
});
