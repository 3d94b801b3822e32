import { LRUCache } from 'lru-cache';

/**
 * Limits the series of metrics with a label that comes from data, such as a connection: the series of the least recently
 * used value are removed.
 */
export class BoundedSeries {
  private readonly values: LRUCache<string, true>;

  /**
   * @param max values that have series at the same time
   * @param remove removes the series of a value
   */
  constructor(max: number, remove: (value: string) => void) {
    this.values = new LRUCache({ max, dispose: (_, value, reason) => reason !== 'set' && remove(value) });
  }

  /** Marks a value as used. Call it before the series is changed. */
  use(value: string): void {
    this.values.set(value, true);
  }

  /** Removes the series of a value that no longer exists. */
  forget(value: string): void {
    this.values.delete(value);
  }
}
