import { setTimeout as wait } from 'node:timers/promises';
import { postgresPid, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { ProcessObserver } from './process-observer.js';
import { processIdentity, signalProcess } from './processes.js';
import { respawnDelay } from './respawn.rules.js';

const NAME = 'postgres';
const CHECK_MS = 250;

/**
 * PostgreSQL with its data in a folder. It runs in a session of its own, so its exit is detected by polling its
 * process. If it exits without a stop, e.g. because it was killed, it is started again with the same data and port.
 */
export class SupervisedPostgres {
  private readonly stopping = new AbortController();
  private exits: number[] = [];
  private pid: number | null = null;
  private supervision: Promise<void> = Promise.resolve();

  private constructor(
    private readonly server: RunningPostgres,
    private readonly directory: string,
    private readonly observer: ProcessObserver,
  ) {}

  /** @throws Error if PostgreSQL does not start */
  static async start(directory: string, port: number, observer: ProcessObserver): Promise<SupervisedPostgres> {
    const postgres = new SupervisedPostgres(await startPostgres({ directory, port }), directory, observer);
    await postgres.started();
    postgres.supervision = postgres.supervise();
    return postgres;
  }

  /** Connection URL for a role. */
  readonly url: RunningPostgres['url'] = (role) => this.server.url(role);

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.supervision;
    if (this.pid !== null) await this.server.stop();
    this.pid = null;
  }

  /** Kills the server like a crash. It is restarted automatically. */
  kill(): void {
    if (this.pid !== null) signalProcess(this.pid, 'SIGKILL');
  }

  /** Requests a fast shutdown without waiting for it, for the exit of the supervisor. */
  stopNow(): void {
    this.stopping.abort();
    if (this.pid !== null) signalProcess(this.pid, 'SIGINT');
  }

  private async started(): Promise<void> {
    this.pid = await postgresPid(this.directory);
    if (this.pid !== null) this.observer.onStarted(NAME, this.pid);
  }

  private async supervise(): Promise<void> {
    while (await this.untilExit()) {
      this.pid = null;
      this.observer.onEnded(NAME);
      if (!(await this.respawn('PostgreSQL exited unexpectedly.'))) return;
    }
  }

  /** @returns false if the supervision stops before the server exits */
  private async untilExit(): Promise<boolean> {
    const { pid } = this;
    if (pid === null) return false;
    const identity = await processIdentity(pid);
    while (await this.pause(CHECK_MS)) {
      if ((await processIdentity(pid)) !== identity) return true;
    }
    return false;
  }

  /** @returns false if the server stays down */
  private async respawn(reason: string): Promise<boolean> {
    const now = Date.now();
    this.exits = [...this.exits, now];
    const delay = respawnDelay(this.exits, now);
    if (delay === null) {
      this.observer.onNotice(`${reason}\nPostgreSQL exited too often and stays down.`);
      return false;
    }
    this.observer.onNotice(`${reason}\nPostgreSQL is being restarted.`);
    if (!(await this.pause(delay))) return false;
    try {
      await this.server.start();
    } catch (error) {
      return this.respawn(error instanceof Error ? error.message : String(error));
    }
    await this.started();
    this.observer.onNotice('PostgreSQL is running again.');
    return true;
  }

  /** @returns false if the supervision stops meanwhile */
  private pause(ms: number): Promise<boolean> {
    return wait(ms, undefined, { signal: this.stopping.signal }).then(
      () => true,
      () => false,
    );
  }
}
