import type { NavigationItem } from './navigation.rules.js';

export interface Neighbours {
  readonly previous?: NavigationItem;
  readonly next?: NavigationItem;
}

/** The navigation with what every page asks of it, worked out once. */
export class SiteNavigation {
  /** Items that are open on the page with an address: those above it, and itself. */
  readonly #trails = new Map<string, readonly NavigationItem[]>();
  readonly #order: NavigationItem[] = [];
  readonly #positions = new Map<string, number>();
  #size = 0;

  constructor(readonly items: readonly NavigationItem[]) {
    this.#walk(items, []);
  }

  get size(): number {
    return this.#size;
  }

  trailOf(address: string): readonly NavigationItem[] {
    return this.#trails.get(address) ?? [];
  }

  neighboursOf(address: string): Neighbours {
    const position = this.#positions.get(address);
    if (position === undefined) return {};
    const previous = this.#order[position - 1];
    const next = this.#order[position + 1];
    return { ...(previous && { previous }), ...(next && { next }) };
  }

  #walk(items: readonly NavigationItem[], above: readonly NavigationItem[]): void {
    for (const item of items) {
      this.#size += 1;
      const trail = [...above, item];
      // The first place counts for a page that is listed twice; other sites have no place in the order.
      const address = item.href?.startsWith('/') === true ? item.href.split(/[?#]/, 1)[0] : undefined;
      if (address !== undefined && !this.#trails.has(address)) {
        this.#trails.set(address, trail);
        this.#positions.set(address, this.#order.push(item) - 1);
      }
      this.#walk(item.items, trail);
    }
  }
}
