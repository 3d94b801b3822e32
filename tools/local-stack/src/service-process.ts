import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { LocalStackError } from './local-stack.error.js';
import { logTail } from './log-tail.js';
import { respawnDelay } from './respawn.rules.js';
import { signalProcess } from './signal-process.js';

export interface ServiceSettings {
  readonly name: string;
  /** The compiled `main.js`. */
  readonly script: string;
  /** All that the service sees of the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export interface ServiceObserver {
  onStarted(name: string, pid: number): void;
  onEnded(name: string): void;
  /** Something that a person should know: a service died, runs again, stays down. */
  onNotice(text: string): void;
}

const READY_MS = 60_000;
const STOP_MS = 10_000;
const TAIL_LINES = 8;

const readySchema = z.object({ ready: z.literal(true) });

/**
 * One service as a child process in a group of its own: a Ctrl-C in the terminal reaches the stack alone, which then
 * ends the services in order. A service that dies is started again: none keeps state in memory.
 */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private wanted = false;
  private deaths: number[] = [];
  private revival: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: ServiceSettings,
    private readonly observer: ServiceObserver,
  ) {}

  get name(): string {
    return this.settings.name;
  }

  get logFile(): string {
    return this.settings.logFile;
  }

  /** Resolves when the service takes work. @throws LocalStackError with the last lines of its log. */
  async start(): Promise<void> {
    this.wanted = true;
    try {
      await this.spawn();
    } catch (error) {
      this.wanted = false;
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.wanted = false;
    clearTimeout(this.revival);
    await this.end('SIGTERM');
  }

  /** Ends it as a crash would; it comes back by itself. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Without waiting: for the last moment of the stack's own process. */
  killNow(): void {
    this.wanted = false;
    clearTimeout(this.revival);
    this.signal('SIGKILL');
  }

  private async spawn(): Promise<void> {
    const { name, script, env, logFile } = this.settings;
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, ['--enable-source-maps', script], {
      env,
      stdio: ['ignore', 'pipe', log],
      detached: true,
    });
    closeSync(log);
    this.child = child;
    if (child.pid !== undefined) this.observer.onStarted(name, child.pid);
    child.once('exit', () => this.observer.onEnded(name));
    await this.untilReady(child);
    child.once('exit', (code, signal) => void this.died(code, signal));
  }

  private async untilReady(child: ChildProcess): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const problem = await new Promise<string | null>((resolve) => {
      const { stdout } = child;
      if (stdout) createInterface(stdout).on('line', (line) => isReady(line) && resolve(null));
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(howItEnded(code, signal)));
      timer = setTimeout(() => resolve(`not ready after ${READY_MS / 1000} s`), READY_MS);
    });
    clearTimeout(timer);
    if (problem === null) return;
    await this.end('SIGKILL');
    throw new LocalStackError(await this.withLog(`${this.name} did not start (${problem})`));
  }

  private async died(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    if (!this.wanted) return;
    await this.revive(await this.withLog(`${this.name} ended unexpectedly (${howItEnded(code, signal)})`));
  }

  private async revive(what: string): Promise<void> {
    const now = Date.now();
    this.deaths = [...this.deaths, now];
    const delay = respawnDelay(this.deaths, now);
    if (delay === null) {
      this.observer.onNotice(`${what}\n${this.name} ends again and again and stays down.`);
      return;
    }
    this.observer.onNotice(`${what}\n${this.name} is started again.`);
    await new Promise((resolve) => {
      this.revival = setTimeout(resolve, delay);
    });
    try {
      await this.spawn();
      this.observer.onNotice(`${this.name} runs again.`);
    } catch (error) {
      // A stop during the start ends it too, and is no death.
      if (this.isWanted()) await this.revive(error instanceof Error ? error.message : String(error));
    }
  }

  /** Behind a method, since it changes while a start is awaited. */
  private isWanted(): boolean {
    return this.wanted;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    this.signal(signal);
    const timer = setTimeout(() => {
      this.observer.onNotice(`${this.name} did not end within ${STOP_MS / 1000} s and was killed.`);
      this.signal('SIGKILL');
    }, STOP_MS);
    await exited;
    clearTimeout(timer);
  }

  private signal(signal: NodeJS.Signals): void {
    const { child } = this;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    // A crash takes the whole group; a clean end is the service's own affair.
    signalProcess(signal === 'SIGKILL' ? -child.pid : child.pid, signal);
  }

  private async withLog(what: string): Promise<string> {
    const lines = await logTail(this.logFile, TAIL_LINES);
    if (lines.length === 0) return `${what}. It logged nothing.`;
    return `${what}. The end of ${this.logFile}:\n${lines.map((line) => `    ${line}`).join('\n')}`;
  }
}

function isReady(line: string): boolean {
  try {
    return readySchema.safeParse(JSON.parse(line)).success;
  } catch {
    return false;
  }
}

function howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit code ${code}` : `ended by ${signal}`;
}
