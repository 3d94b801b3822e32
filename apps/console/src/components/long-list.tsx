import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.js';
import styles from './long-list.module.css';

interface LongListProps<Item> {
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  /** Index of the item that is visible at first. */
  readonly first: number;
  readonly children: (item: Item) => ReactNode;
}

/** Height of most rows, in pixels. The others are measured when they are shown. */
const ROW_HEIGHT = 34;
/** Rows outside of the visible part, for the keyboard and for fast scrolling. */
const OVERSCAN = 20;

/** A list that scrolls and has elements for the visible rows only. */
export function LongList<Item>({ items, keyOf, first, children }: LongListProps<Item>) {
  const scroller = useRef<HTMLDivElement>(null);
  const { getTotalSize, getVirtualItems, measureElement } = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    initialOffset: Math.max(first - 2, 0) * ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  return (
    <div ref={scroller} className={classNames(styles.scroller)}>
      <ul className={classNames(styles.rows)} style={{ height: getTotalSize() }}>
        {getVirtualItems().map(({ index, start }) => {
          const item = items[index];
          return (
            item !== undefined && (
              <li
                key={keyOf(item)}
                ref={measureElement}
                data-index={index}
                aria-setsize={items.length}
                aria-posinset={index + 1}
                className={classNames(styles.row)}
                style={{ transform: `translateY(${start}px)` }}
              >
                {children(item)}
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}
