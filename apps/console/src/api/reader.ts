/** Delay that combines the events of one push into one request. */
const GATHER_MS = 100;

interface ReaderOptions<Answer> {
  readonly load: (signal: AbortSignal) => Promise<Answer>;
  readonly onAnswer: (answer: Answer) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Reads a resource at once and again on request. Reads do not overlap: a request during a read starts another one after
 * it, because the running read may miss the change.
 */
export class Reader<Answer> {
  private readonly abort = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private reading = false;
  private stale = false;

  constructor(private readonly options: ReaderOptions<Answer>) {}

  async read(): Promise<void> {
    if (this.reading) {
      this.stale = true;
      return;
    }
    this.reading = true;
    try {
      const answer = await this.options.load(this.abort.signal);
      if (!this.abort.signal.aborted) this.options.onAnswer(answer);
    } catch (error) {
      if (!this.abort.signal.aborted) this.options.onError(error);
    }
    this.reading = false;
    if (this.stale) this.readSoon();
    this.stale = false;
  }

  readSoon(): void {
    if (this.timer !== undefined || this.abort.signal.aborted) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.read();
    }, GATHER_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.abort.abort();
  }
}
