import type { GitObject } from '@reunite/git-objects';
import { LRUCache } from 'lru-cache';

/** One object may use this part of the cache, so that a large one does not evict all others. */
const MAX_PART = 16;

/** Recently used objects by `<repository>/<id>`, limited by the bytes of their bodies. */
export type ObjectCache = LRUCache<string, GitObject>;

/** Creates a cache of at most `maxBytes`. */
export function createObjectCache(maxBytes: number): ObjectCache {
  return new LRUCache({
    maxSize: Math.max(1, maxBytes),
    maxEntrySize: Math.max(1, Math.floor(maxBytes / MAX_PART)),
    sizeCalculation: ({ body }) => Math.max(1, body.length),
  });
}
