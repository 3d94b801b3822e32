import type { NavigationItem } from './navigation.rules.js';

export interface Neighbours {
  readonly previous?: NavigationItem;
  readonly next?: NavigationItem;
}

/** The navigation with lookups by address, computed once per site. */
export class SiteNavigation {
  /** The item of an address and those above it. */
  private readonly trails = new Map<string, readonly NavigationItem[]>();
  private readonly order: NavigationItem[] = [];
  private readonly positions = new Map<string, number>();
  private readonly repeated = new Set<string>();
  private itemCount = 0;

  constructor(readonly items: readonly NavigationItem[]) {
    this.walk(items, []);
  }

  get size(): number {
    return this.itemCount;
  }

  trailOf(address: string): readonly NavigationItem[] {
    return this.trails.get(address) ?? [];
  }

  /** True if several items lead to the address. */
  isRepeated(address: string): boolean {
    return this.repeated.has(address);
  }

  neighboursOf(address: string): Neighbours {
    const position = this.positions.get(address);
    if (position === undefined) return {};
    const previous = this.order[position - 1];
    const next = this.order[position + 1];
    return { ...(previous && { previous }), ...(next && { next }) };
  }

  private walk(items: readonly NavigationItem[], above: readonly NavigationItem[]): void {
    for (const item of items) {
      this.itemCount += 1;
      const trail = [...above, item];
      // For a page that is listed twice, the first position counts. Other sites are not part of the order.
      const address = item.href?.startsWith('/') === true ? item.href.split(/[?#]/, 1)[0] : undefined;
      if (address !== undefined && !this.trails.has(address)) {
        this.trails.set(address, trail);
        this.positions.set(address, this.order.push(item) - 1);
      } else if (address !== undefined) this.repeated.add(address);
      this.walk(item.items, trail);
    }
  }
}
