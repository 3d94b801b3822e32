import { BuildEndedError } from './build-ended.error.js';

const POLL_MS = 1_000;

/** Aborts a build or check soon after it is no longer wanted, so that the worker can run another one. */
export class WantedRun {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  /** @param isWanted called once per second; an error, such as of an unavailable database, does not stop the run */
  constructor(isWanted: () => Promise<boolean>) {
    const poll = async () => {
      if (!(await isWanted())) this.controller.abort(new BuildEndedError());
    };
    this.timer = setInterval(() => void poll().catch(() => undefined), POLL_MS);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
