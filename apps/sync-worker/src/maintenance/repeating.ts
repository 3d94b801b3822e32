import type { Logger } from '@reunite/platform';

/** Runs work again and again, never twice at once. Replicas drift apart by themselves: the pause is never the same. */
export class Repeating {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly work: () => Promise<void>,
    private readonly logger: Logger,
    private readonly pauseSeconds: number,
  ) {}

  start(): void {
    const pause = this.pauseSeconds * 1000 * (0.75 + Math.random() / 2);
    this.timer = setTimeout(() => {
      this.running = this.work()
        .catch((error: unknown) => this.logger.warn({ err: error }, 'a sweep failed; the next one tries again'))
        .then(() => {
          if (this.timer) this.start();
        });
    }, pause);
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
  }
}
