import { useRef } from 'react';
import type { Page } from '@reunite/contracts';
import { get } from './client.js';
import type { Interest } from './interest.js';
import type { Path } from './paths.js';
import { ShownPages } from './shown-pages.js';
import type { Resource } from './use-resource.js';
import { useReading } from './use-resource.js';

export interface ListResource<Item> extends Resource<Page<Item>> {
  readonly showMore: () => void;
}

/** A cursor-paged list, kept current by live events. */
export function useList<Item>(path: Path<Page<Item>>, interest: Interest): ListResource<Item> {
  const shown = useRef(new ShownPages(path));
  const resource = useReading(
    path,
    (signal) => {
      if (shown.current.path !== path) shown.current = new ShownPages(path);
      return shown.current.load((one) => get(one, signal));
    },
    interest,
  );
  const showMore = () => {
    if (shown.current.more()) resource.reload();
  };
  return { ...resource, showMore };
}
