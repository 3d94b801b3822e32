import type { Query, QueryClient } from '@tanstack/react-query';
import type { LiveFeed } from './live-feed.js';
import { isChangedBy } from './live.rules.js';
import type { LiveSignal, ResourceKind, Subject } from './live.rules.js';

/** Delay that combines the events of one push into one request for each response. */
const GATHER_MS = 100;

/** Key of every query: the kind of the response and its path. The ids it belongs to are its `meta`. */
export type ResourceKey = readonly [kind: ResourceKind, path: string];

function isChanged(query: Query, signals: readonly LiveSignal[]): boolean {
  const [kind] = query.queryKey as unknown as ResourceKey;
  const subject: Subject = query.meta ?? {};
  return signals.some((signal) => isChangedBy(signal, kind, subject));
}

/**
 * Invalidates the queries that live events change. A query that is being fetched is invalidated after its response:
 * the response may miss the change, and restarting the fetch at every event would never end while events arrive faster
 * than responses.
 *
 * @returns a function that stops it
 */
export function invalidateByEvents(feed: LiveFeed, client: QueryClient): () => void {
  const cache = client.getQueryCache();
  const again = new Set<Query>();
  let signals: LiveSignal[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = () => {
    timer = undefined;
    const gathered = signals;
    signals = [];
    const changed = cache.findAll({ predicate: (query) => again.delete(query) || isChanged(query, gathered) });
    const pending = changed.filter((query) => query.state.fetchStatus === 'fetching');
    for (const query of pending) again.add(query);
    void client.invalidateQueries({ predicate: (query) => changed.includes(query) && !pending.includes(query) });
  };
  const flushSoon = () => (timer ??= setTimeout(flush, GATHER_MS));

  const unsubscribeFeed = feed.subscribe((signal) => {
    signals.push(signal);
    flushSoon();
  });
  const unsubscribeCache = cache.subscribe((event) => {
    const query = event.query as Query;
    if (again.has(query) && query.state.fetchStatus === 'idle') flushSoon();
  });
  return () => {
    clearTimeout(timer);
    unsubscribeFeed();
    unsubscribeCache();
  };
}
