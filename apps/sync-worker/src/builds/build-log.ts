interface LogLine {
  readonly sequence: number;
  readonly at: Date;
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
}

const FLUSH_MS = 250;
const MAX_LINES = 5_000;
const MAX_MESSAGE = 2_000;

/** Writes a build's log in batches while it runs. Bounded, because content controls how many lines there are. */
export class BuildLog {
  private pending: LogLine[] = [];
  private sequence = 0;
  private writing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly write: (lines: readonly LogLine[]) => Promise<void>) {}

  add(level: LogLine['level'], message: string, at?: { file: string; line?: number }): void {
    this.sequence += 1;
    if (this.sequence > MAX_LINES) return;
    const text = this.sequence === MAX_LINES ? 'Further lines are omitted' : message.slice(0, MAX_MESSAGE);
    const place = { file: at?.file ?? null, line: at?.line ?? null };
    this.pending.push({ sequence: this.sequence, at: new Date(), level, message: text, ...place });
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** Writes the remaining lines. @throws the error of a failed write */
  async close(): Promise<void> {
    this.flush();
    await this.writing;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const lines = this.pending;
    this.pending = [];
    this.writing = this.writing.then(() => this.write(lines));
    // `close` rethrows it; unhandled, it would end the process.
    this.writing.catch(() => undefined);
  }
}
