import { useRef } from 'react';
import type { Page } from '@reunite/contracts';
import { get } from './client.js';
import type { Interest } from './interest.js';
import type { Path } from './paths.js';
import { withQuery } from './paths.js';
import type { Resource } from './use-resource.js';
import { useReading } from './use-resource.js';

/** The first `count` pages as one. Read from the start each time, so that live changes cannot tear the list apart. */
export async function readPages<Item>(
  path: Path<Page<Item>>,
  count: number,
  read: (path: Path<Page<Item>>) => Promise<Page<Item>>,
): Promise<Page<Item>> {
  const items: Item[] = [];
  let endCursor: string | null = null;
  for (let page = 0; page < count; page += 1) {
    const answer: Page<Item> = await read(endCursor === null ? path : withQuery(path, { after: endCursor }));
    items.push(...answer.items);
    endCursor = answer.endCursor;
    if (endCursor === null) break;
  }
  return { items, endCursor };
}

export interface ListResource<Item> extends Resource<Page<Item>> {
  readonly showMore: () => void;
}

/** A cursor-paged list, kept current by live events. */
export function useList<Item>(path: Path<Page<Item>>, interest: Interest): ListResource<Item> {
  const shown = useRef<{ path: string; pages: number }>({ path, pages: 1 });
  const resource = useReading(
    path,
    (signal) => {
      if (shown.current.path !== path) shown.current = { path, pages: 1 };
      return readPages(path, shown.current.pages, (one) => get(one, signal));
    },
    interest,
  );
  const showMore = () => {
    shown.current.pages += 1;
    resource.reload();
  };
  return { ...resource, showMore };
}
