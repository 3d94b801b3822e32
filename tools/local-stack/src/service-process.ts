import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { LocalStackError } from './local-stack.error.js';
import { logTail } from './log-tail.js';
import { respawnDelay } from './respawn.rules.js';
import type { ProcessObserver } from './process-observer.js';
import { signalProcess } from './processes.js';

export interface ServiceSettings {
  readonly name: string;
  /** The compiled `main.js`. */
  readonly script: string;
  /** The executable of Node.js. */
  readonly node: string;
  /** The complete environment of the service. */
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

const READY_MS = 60_000;
const STOP_MS = 10_000;
const TAIL_LINES = 8;

const readySchema = z.object({ ready: z.literal(true) });

/**
 * A service as a child process in its own process group, so that Ctrl-C in the terminal reaches only the supervisor,
 * which stops the services in order. A service that exits unexpectedly is restarted; services have no state in memory.
 *
 * It does not use a library such as execa: the log is a file descriptor of the child, so that logging continues when
 * the supervisor is killed, and a kill must reach the whole process group.
 */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private shouldRun = false;
  private exits: number[] = [];
  private respawnTimer: NodeJS.Timeout | undefined;

  constructor(
    private settings: ServiceSettings,
    private readonly observer: ProcessObserver,
  ) {}

  get name(): string {
    return this.settings.name;
  }

  get logFile(): string {
    return this.settings.logFile;
  }

  /** Resolves when the service is ready. @throws LocalStackError with the last lines of its log */
  async start(): Promise<void> {
    this.shouldRun = true;
    try {
      await this.spawn();
    } catch (error) {
      this.shouldRun = false;
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.shouldRun = false;
    clearTimeout(this.respawnTimer);
    await this.end('SIGTERM');
  }

  /** Kills the service like a crash. It is restarted automatically. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** @param script of another build of the service. Default: the same one */
  async restart(script = this.settings.script): Promise<void> {
    await this.stop();
    this.settings = { ...this.settings, script };
    await this.start();
  }

  /** Kills the service without waiting, for the exit of the supervisor. */
  killNow(): void {
    this.shouldRun = false;
    clearTimeout(this.respawnTimer);
    this.signal('SIGKILL');
  }

  private async spawn(): Promise<void> {
    const { name, script, node, env, logFile } = this.settings;
    const log = openSync(logFile, 'a');
    const child = spawn(node, ['--enable-source-maps', script], {
      env,
      stdio: ['ignore', 'pipe', log],
      detached: true,
    });
    closeSync(log);
    this.child = child;
    if (child.pid !== undefined) this.observer.onStarted(name, child.pid);
    child.once('exit', () => this.observer.onEnded(name));
    await this.untilReady(child);
    child.once('exit', (code, signal) => void this.onExit(code, signal));
  }

  private async untilReady(child: ChildProcess): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const failure = await new Promise<string | null>((resolve) => {
      const { stdout } = child;
      if (stdout) createInterface(stdout).on('line', (line) => isReady(line) && resolve(null));
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(exitReason(code, signal)));
      timer = setTimeout(() => resolve(`not ready after ${READY_MS / 1000} s`), READY_MS);
    });
    clearTimeout(timer);
    if (failure === null) return;
    await this.end('SIGKILL');
    throw new LocalStackError(await this.withLog(`${this.name} did not start (${failure})`));
  }

  private async onExit(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    if (!this.shouldRun) return;
    await this.respawn(await this.withLog(`${this.name} exited unexpectedly (${exitReason(code, signal)})`));
  }

  private async respawn(reason: string): Promise<void> {
    const now = Date.now();
    this.exits = [...this.exits, now];
    const delay = respawnDelay(this.exits, now);
    if (delay === null) {
      this.observer.onNotice(`${reason}\n${this.name} exited too often and stays down.`);
      return;
    }
    this.observer.onNotice(`${reason}\n${this.name} is being restarted.`);
    await new Promise((resolve) => {
      this.respawnTimer = setTimeout(resolve, delay);
    });
    try {
      await this.spawn();
      this.observer.onNotice(`${this.name} is running again.`);
    } catch (error) {
      // A stop during the start is not a failure.
      if (this.isSupervised()) await this.respawn(error instanceof Error ? error.message : String(error));
    }
  }

  /** A method, because TypeScript would assume that the value does not change during an await. */
  private isSupervised(): boolean {
    return this.shouldRun;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    this.signal(signal);
    const timer = setTimeout(() => {
      this.observer.onNotice(`${this.name} did not stop within ${STOP_MS / 1000} s and was killed.`);
      this.signal('SIGKILL');
    }, STOP_MS);
    await exited;
    clearTimeout(timer);
  }

  private signal(signal: NodeJS.Signals): void {
    const { child } = this;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    // SIGKILL must reach child processes too; on SIGTERM the service stops them itself.
    signalProcess(signal === 'SIGKILL' ? -child.pid : child.pid, signal);
  }

  private async withLog(reason: string): Promise<string> {
    const lines = await logTail(this.logFile, TAIL_LINES);
    if (lines.length === 0) return `${reason}. Its log is empty.`;
    return `${reason}. Last lines of ${this.logFile}:\n${lines.map((line) => `    ${line}`).join('\n')}`;
  }
}

function isReady(line: string): boolean {
  try {
    return readySchema.safeParse(JSON.parse(line)).success;
  } catch {
    return false;
  }
}

function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}
