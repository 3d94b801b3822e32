export interface GroupLimits<Item> {
  /** Items that one call takes at most. */
  readonly items: number;
  /** Bytes that one call takes at most; one item alone may be larger. */
  readonly bytes?: { readonly limit: number; readonly of: (item: Item) => number };
  /** Calls that run at the same time. */
  readonly parallel: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Lets calls that come at the same time share one: while the allowed number of calls runs, the next one gathers. Nobody
 * waits for company when nothing runs. How much waits is up to the caller.
 */
export class GroupedCalls<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private readonly running = new Set<Promise<void>>();
  private scheduled = false;

  /** @param call answers for each item, in the order of the items; if it throws, every item of the call fails so. */
  constructor(
    private readonly call: (items: readonly Item[]) => Promise<readonly PromiseSettledResult<Result>[]>,
    private readonly limits: GroupLimits<Item>,
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  /** Items that no call has taken yet. */
  get backlog(): number {
    return this.waiting.length;
  }

  /** Resolves when nothing waits and nothing runs. */
  async idle(): Promise<void> {
    while (this.waiting.length > 0 || this.running.size > 0) {
      await (this.running.size > 0 ? Promise.race(this.running) : new Promise((resolve) => setImmediate(resolve)));
    }
  }

  /** Starts after everything that the present turn of the event loop brings. */
  private schedule(): void {
    if (this.scheduled || this.running.size >= this.limits.parallel) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      while (this.waiting.length > 0 && this.running.size < this.limits.parallel) this.start();
    });
  }

  private start(): void {
    const run = this.run(this.take()).finally(() => {
      this.running.delete(run);
      if (this.waiting.length > 0) this.schedule();
    });
    this.running.add(run);
  }

  private take(): Waiting<Item, Result>[] {
    const { items, bytes } = this.limits;
    let count = 0;
    let size = 0;
    for (const { item } of this.waiting) {
      size += bytes?.of(item) ?? 0;
      if (count > 0 && (count >= items || (bytes && size > bytes.limit))) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async run(group: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.call(group.map(({ item }) => item));
      group.forEach((waiting, index) => settle(waiting, results[index]));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}

function settle<Item, Result>(waiting: Waiting<Item, Result>, result: PromiseSettledResult<Result> | undefined): void {
  if (result?.status === 'fulfilled') waiting.resolve(result.value);
  else waiting.reject(result?.reason ?? new Error('The call gave no answer for this item.'));
}
