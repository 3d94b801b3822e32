import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants, getPriority, setPriority } from 'node:os';
import { BuildMemoryError } from '../build-memory.error.js';
import { BuildProcessDiedError } from '../build-process-died.error.js';
import { BuildTimeoutError } from '../build-timeout.error.js';
import { IsolatedTaskError } from '../isolated-task.error.js';
import { permissionFlags } from './permissions.js';
import type { TaskFolders } from './permissions.js';
import { processorMilliseconds, residentMegabytes } from './process-usage.js';
import type { Failure, FetchedFiles, Instruction, Report, Task, TaskResults } from './tasks.js';

export interface IsolationLimits {
  readonly timeoutSeconds: number;
  /** Limit of the JavaScript heap. Memory outside of it (file contents) is checked where the system has /proc. */
  readonly memoryMb: number;
  /** Folders that tasks use, beside the code. Default: none. */
  readonly folders?: TaskFolders;
}

export interface TaskRun {
  /** Stops the task and its process. */
  readonly signal: AbortSignal;
  readonly onLog: (line: Extract<Report, { type: 'log' }>) => void;
  /** Fetches files of Git LFS for a build. Default: there are none. */
  readonly fetchLfsFiles?: (pointers: readonly string[]) => Promise<FetchedFiles>;
  /** Limit of this task. Default: the limit of the process. */
  readonly timeoutSeconds?: number;
}

/** Allowance for code, stacks and buffers outside of the heap. */
const OFF_HEAP_MB = 256;
const USAGE_CHECK_MS = 250;

/**
 * Lower priority than the worker's. A repository can make a lint run for its whole time limit, and no page waits for
 * its result: it leaves the processor to syncs, builds and commit statuses.
 */
const NICENESS: Readonly<Record<Task['kind'], number>> = { build: 0, lint: 10 };

/** A task that uses more processor time leaves the processor to the short tasks of others. */
const SLOW_TASK_CPU_MS = 1_000;
const SLOW_TASK_NICENESS = 15;
const MAX_STDERR_LENGTH = 8_192;

/**
 * A child process that runs one task at a time. It has an empty environment and gets nothing but its task, so that no
 * credential is in its memory. It runs as the worker's user, but Node's permission model denies it other files than its
 * code and its folders, and other processes. It can be killed whatever it does. It never runs code of a repository.
 */
export class IsolatedProcess {
  private readonly child: ChildProcess;
  private readonly exited: Promise<string>;
  private stderr = '';
  alive = true;
  /** True once it runs at a lower priority. Raising it again would need a privilege: do not reuse the process. */
  slow = false;

  constructor(
    script: string,
    kind: Task['kind'],
    private readonly limits: IsolationLimits,
  ) {
    this.child = fork(script, [kind], {
      env: {},
      execArgv: [
        `--max-old-space-size=${limits.memoryMb}`,
        ...permissionFlags(limits.folders ?? { read: [], write: [] }),
      ],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-MAX_STDERR_LENGTH);
    });
    this.lowerPriority(NICENESS[kind]);
    const watchdog = watchdogOf(this.child);
    this.exited = new Promise((resolve) => {
      const exit = (how: string) => {
        this.alive = false;
        resolve(how);
      };
      this.child.on('error', (error) => exit(error.message));
      this.child.once('close', (code, signal) => exit(signal ?? `exit code ${code ?? 'unknown'}`));
      this.child.once('exit', () => watchdog?.kill('SIGKILL'));
    });
  }

  /**
   * @throws BuildTimeoutError, BuildMemoryError, BuildProcessDiedError; the process has exited then
   * @throws IsolatedTaskError with the code and message of the task's error
   * @throws the reason of `signal` if it aborts
   */
  async run<T extends Task>(task: T, run: TaskRun): Promise<TaskResults[T['kind']]> {
    const { signal, onLog, timeoutSeconds = this.limits.timeoutSeconds } = run;
    signal.throwIfAborted();
    const { memoryMb } = this.limits;
    const what = task.kind === 'lint' ? 'check' : 'build';
    const cleanUp: (() => void)[] = [];
    try {
      return await new Promise<TaskResults[T['kind']]>((resolve, reject) => {
        const stop = (reason: Error) => {
          reject(reason);
          this.kill();
        };
        const timer = setTimeout(() => stop(new BuildTimeoutError(what, timeoutSeconds)), timeoutSeconds * 1000);
        let cpu: (() => number) | null = null;
        const usage = setInterval(() => {
          if (residentMegabytes(this.pid) > memoryMb + OFF_HEAP_MB) stop(new BuildMemoryError(memoryMb));
          if (!this.slow && cpu !== null && cpu() > SLOW_TASK_CPU_MS) this.leaveProcessorToOthers();
        }, USAGE_CHECK_MS);
        const aborted = () => stop(signal.reason as Error);
        const reported = (report: Report) => {
          if (report.type === 'log') onLog(report);
          // Loading the code does not count: a process that is replaced for it would load it again.
          else if (report.type === 'started') cpu = this.cpuClock();
          else if (report.type === 'lfs-pointers') void this.sendLfsFiles(report.ids, run).catch(stop);
          else if (report.type === 'done') resolve(report.result as TaskResults[T['kind']]);
          else reject(errorOf(report.failure));
        };
        signal.addEventListener('abort', aborted);
        this.child.on('message', reported);
        cleanUp.push(
          () => clearTimeout(timer),
          () => clearInterval(usage),
          () => signal.removeEventListener('abort', aborted),
          () => void this.child.off('message', reported),
        );
        void this.exited.then((how) => reject(this.deathOf(how)));
        this.send(task);
      });
    } finally {
      for (const undo of cleanUp) undo();
    }
  }

  private async sendLfsFiles(pointers: readonly string[], { fetchLfsFiles }: TaskRun): Promise<void> {
    this.send({ kind: 'lfs-files', files: (await fetchLfsFiles?.(pointers)) ?? {} });
  }

  private send(instruction: Instruction): void {
    if (this.alive) this.child.send(instruction, (error) => error && this.kill());
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Measures processor time from now on, or time where the system does not know it. */
  private cpuClock(): () => number {
    const startedAt = performance.now();
    const used = processorMilliseconds(this.pid);
    return () => {
      const now = processorMilliseconds(this.pid);
      return used === null || now === null ? performance.now() - startedAt : now - used;
    };
  }

  private leaveProcessorToOthers(): void {
    this.slow = true;
    this.lowerPriority(SLOW_TASK_NICENESS);
  }

  /** @param niceness relative to the worker's */
  private lowerPriority(niceness: number): void {
    if (niceness === 0 || this.pid === undefined) return;
    try {
      setPriority(this.pid, Math.min(getPriority() + niceness, constants.priority.PRIORITY_LOW));
    } catch {
      // The process has just exited, or the system does not allow it: then the time limit alone protects others.
    }
  }

  kill(): void {
    this.alive = false;
    this.child.kill('SIGKILL');
  }

  async end(): Promise<void> {
    this.kill();
    await this.exited;
  }

  private deathOf(how: string): Error {
    if (this.stderr.includes('heap out of memory')) return new BuildMemoryError(this.limits.memoryMb);
    return new BuildProcessDiedError(how, this.stderr);
  }
}

/**
 * Starts a shell that kills a child process when this process dies, even by SIGKILL: its input ends then. The child
 * cannot watch for that, because a page may keep its only thread busy.
 */
function watchdogOf({ pid }: ChildProcess): ChildProcess | null {
  if (pid === undefined) return null;
  const watchdog = spawn('/bin/sh', ['-c', 'read -r _; kill -9 "$1"', 'watchdog', String(pid)], {
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell, an idle child still exits with this process, and a busy one after its page.
  watchdog.on('error', () => undefined);
  watchdog.stdin.on('error', () => undefined);
  watchdog.unref();
  return watchdog;
}

function errorOf(failure: Failure): Error {
  const { code, message, stack, problems } = failure;
  if (code !== undefined) return new IsolatedTaskError(message, code, problems);
  return Object.assign(new Error(message), stack !== undefined && { stack });
}
