import type { RunningSimulator } from './simulator.js';

/** A simulator as the server of one suite. Subclasses add the accounts, apps and repositories that the suite uses. */
export abstract class SimulatedServer {
  /** @param simulator stopped by {@link stop} */
  protected constructor(protected readonly simulator: RunningSimulator) {}

  get origin(): string {
    return this.simulator.url;
  }

  async stop(): Promise<void> {
    await this.simulator.stop();
  }

  /** Makes the next requests of a route meet a fault of the simulator. @param route as in {@link pattern} */
  fault(route: string, fault: object): Promise<void> {
    return this.simulator.fault(this.pattern(route), fault);
  }

  /** Pauses the next request of a route, see `RunningSimulator.pause`. @param route as in {@link pattern} */
  pause(route: string, when?: 'request' | 'answer'): ReturnType<RunningSimulator['pause']> {
    return this.simulator.pause(this.pattern(route), when);
  }

  /** Removes all faults and resumes all paused requests. */
  async clearFaults(): Promise<void> {
    await this.simulator.control('DELETE', '/faults');
    await this.resume();
  }

  /** Resumes all paused requests. */
  async resume(): Promise<void> {
    await this.post('/faults/resume');
  }

  async advanceClock(seconds: number): Promise<void> {
    await this.post('/clock', { advanceSeconds: seconds });
  }

  /** Returns the simulator's pattern for a route as the suite writes it: a method and an abbreviated path. */
  protected abstract pattern(route: string): string;

  /** Calls the simulator's control. */
  protected async post<Answer>(path: string, body: object = {}): Promise<Answer> {
    return (await this.simulator.control('POST', path, body)) as Answer;
  }
}
