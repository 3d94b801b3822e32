export interface BatcherOptions<Item> {
  /** Maximum number of items in one batch. */
  readonly maxItems: number;
  /**
   * Maximum size of one batch, in bytes. An item that is larger than this gets a batch of its own. Default: no limit.
   */
  readonly bytes?: { readonly limit: number; readonly of: (item: Item) => number };
  /** Maximum number of batches that run at the same time. Default: 1, which also keeps the order of arrival. */
  readonly concurrency?: number;
  /**
   * True for an error that one bad item can cause for its whole batch. The items of such a batch run again, each in a
   * batch of its own, so that only the bad one fails. Default: every item of a failed batch fails.
   */
  readonly retrySingly?: (error: unknown) => boolean;
}

interface Pending<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Batches concurrent calls (group commit). An idle batcher dispatches at the end of the current turn of the event loop;
 * while `concurrency` batches run, new items queue and form the next batch. The queue is unbounded: bound it by
 * {@link Batcher.backlog} or by the number of callers.
 *
 * Why not `dataloader`: it dispatches one batch per turn however many are running, and it has no limit in bytes. A
 * commit that waits for the disk then competes with more, smaller commits instead of collecting the next large one.
 */
export class Batcher<Item, Result> {
  private pending: Pending<Item, Result>[] = [];
  private readonly running = new Set<Promise<void>>();
  private readonly concurrency: number;
  private scheduled = false;

  /**
   * @param run processes a batch and returns one result per item, in the order of the items. An `Error` in that list
   *   rejects its item only; a rejected promise rejects all items of the batch.
   */
  constructor(
    private readonly run: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
    private readonly options: BatcherOptions<Item>,
  ) {
    this.concurrency = options.concurrency ?? 1;
  }

  /** Resolves with the result for this item once its batch is done. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.pending.push({ item, resolve, reject });
      this.schedule();
    });
  }

  /** Number of items that no running batch contains. */
  get backlog(): number {
    return this.pending.length;
  }

  get isIdle(): boolean {
    return this.pending.length === 0 && this.running.size === 0;
  }

  /** Resolves when no item is queued and no batch runs. */
  async idle(): Promise<void> {
    while (!this.isIdle) {
      await (this.running.size > 0 ? Promise.race(this.running) : new Promise((resolve) => setImmediate(resolve)));
    }
  }

  /** Waits for the end of the turn, so that everything that arrives in one turn shares a batch. */
  private schedule(): void {
    if (this.scheduled || this.running.size >= this.concurrency) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.startAll();
    });
  }

  private start(): void {
    const batch = this.process(this.take()).then((settleAll) => {
      this.running.delete(batch);
      if (this.pending.length === 0) {
        settleAll();
      } else {
        // First, because the callers of this batch may take longer than it takes to start the next one.
        this.startAll();
        setImmediate(settleAll);
      }
    });
    this.running.add(batch);
  }

  private startAll(): void {
    while (this.pending.length > 0 && this.running.size < this.concurrency) this.start();
  }

  private take(): Pending<Item, Result>[] {
    const { maxItems, bytes } = this.options;
    let count = 0;
    let size = 0;
    for (const { item } of this.pending) {
      size += bytes?.of(item) ?? 0;
      if (count > 0 && (count >= maxItems || (bytes && size > bytes.limit))) break;
      count += 1;
    }
    return this.pending.splice(0, count);
  }

  /** @returns settles the items of the batch */
  private async process(batch: readonly Pending<Item, Result>[]): Promise<() => void> {
    try {
      const results = await this.run(batch.map(({ item }) => item));
      return () => batch.forEach((pending, index) => settle(pending, results, index));
    } catch (error) {
      if (batch.length === 1 || !this.options.retrySingly?.(error)) {
        return () => batch.forEach(({ reject }) => reject(error));
      }
      for (const pending of batch) (await this.process([pending]))();
      return () => undefined;
    }
  }
}

function settle<Item, Result>(
  { resolve, reject }: Pending<Item, Result>,
  results: readonly (Result | Error)[],
  index: number,
): void {
  const result = results[index] as Result | Error;
  if (index >= results.length) reject(new Error('The batch returned no result for this item.'));
  else if (result instanceof Error) reject(result);
  else resolve(result);
}

/** One {@link Batcher} per key: items of different keys never share a batch, and one key does not wait for another. */
export class KeyedBatcher<Item, Result> {
  private readonly entries = new Map<string, { readonly batcher: Batcher<Item, Result>; items: number }>();

  constructor(
    private readonly run: (key: string, items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
    private readonly options: BatcherOptions<Item>,
  ) {}

  /** Resolves with the result for this item once its batch is done. */
  async add(key: string, item: Item): Promise<Result> {
    let entry = this.entries.get(key);
    if (!entry) {
      entry = { batcher: new Batcher<Item, Result>((items) => this.run(key, items), this.options), items: 0 };
      this.entries.set(key, entry);
    }
    entry.items += 1;
    try {
      return await entry.batcher.add(item);
    } finally {
      entry.items -= 1;
      if (entry.items === 0) this.entries.delete(key);
    }
  }
}
