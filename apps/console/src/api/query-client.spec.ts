import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { InfiniteQueryObserver } from '@tanstack/react-query';
import { ProblemError } from './problem.error.js';
import { createQueryClient } from './query-client.js';

interface TestPage {
  readonly items: readonly number[];
  readonly endCursor: string | null;
}

const outdated = new ProblemError({ type: 'x', title: 'Conflict', status: 409, code: 'conflict', detail: 'Outdated.' });
const pages: Record<string, TestPage> = {};
const read = jest.fn((after: string): Promise<TestPage> => {
  const page = pages[after];
  return page ? Promise.resolve(page) : Promise.reject(outdated);
});

function observe(client: ReturnType<typeof createQueryClient>) {
  return new InfiniteQueryObserver(client, {
    queryKey: ['list'],
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: '',
    getNextPageParam: ({ endCursor }: TestPage) => endCursor ?? undefined,
  });
}

describe('the cache of a paged list', () => {
  const client = createQueryClient();
  afterEach(() => client.clear());

  it('starts again from the first page if a cursor is outdated', async () => {
    Object.assign(pages, { '': { items: [1, 2], endCursor: 'a' }, a: { items: [3], endCursor: null } });
    const sut = observe(client);
    const unsubscribe = sut.subscribe(() => undefined);
    await sut.refetch();
    await sut.fetchNextPage();
    expect(sut.getCurrentResult().data?.pages).toHaveLength(2);
    delete pages['a'];
    pages[''] = { items: [0], endCursor: 'b' };
    await sut.refetch();
    await client.getQueryCache().find({ queryKey: ['list'] })?.promise;
    expect(sut.getCurrentResult().data?.pages).toEqual([{ items: [0], endCursor: 'b' }]);
    unsubscribe();
  });
});
