export interface RepeatingOptions {
  /** Mean pause between the end of one run and the start of the next, in milliseconds. */
  readonly intervalMs: number;
  /** Largest deviation of a pause from the interval, as a share of it (0 to 1). Default: 0.25. */
  readonly jitter?: number;
  /** Called with the error of a failed run. The next run happens anyway. */
  readonly onError: (error: unknown) => void;
}

const DEFAULT_JITTER = 0.25;

/**
 * Repeats work with a jittered pause, one run at a time. Replicas that start together drift apart because of the
 * jitter. The timer does not keep the process alive.
 *
 * Why not BullMQ's job schedulers: most of this work repairs what the queue has lost, or is local to one process
 * (cached keys, tokens in memory). Why not `setInterval` of `node:timers/promises`: it has no jitter and queues up the
 * ticks that a slow run misses.
 */
export class Repeating {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  /** @param work receives a signal that aborts when {@link Repeating.stop} is called */
  constructor(
    private readonly work: (signal: AbortSignal) => Promise<void> | void,
    private readonly options: RepeatingOptions,
  ) {}

  /** Schedules the first run, one pause from now. */
  start(): void {
    const { intervalMs, jitter = DEFAULT_JITTER } = this.options;
    const pauseMs = intervalMs * (1 - jitter + 2 * jitter * Math.random());
    this.timer = setTimeout(() => {
      this.running = this.runOnce().then(() => {
        if (!this.stopping.signal.aborted) this.start();
      });
    }, pauseMs).unref();
  }

  /** Prevents further runs and resolves when the current run is done. */
  async stop(): Promise<void> {
    this.stopping.abort();
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  private async runOnce(): Promise<void> {
    try {
      await this.work(this.stopping.signal);
    } catch (error) {
      this.options.onError(error);
    }
  }
}
