import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { BuildMemoryError } from '../build-memory.error.js';
import { BuildProcessDiedError } from '../build-process-died.error.js';
import { BuildTimeoutError } from '../build-timeout.error.js';
import { IsolatedTaskError } from '../isolated-task.error.js';
import { residentMegabytes } from './resident-memory.js';
import type { Failure, Report, Task, TaskResults } from './tasks.js';

export interface IsolationLimits {
  readonly timeoutSeconds: number;
  /** Of JavaScript's heap. What lies outside of it (file contents) is watched where the system tells. */
  readonly memoryMb: number;
}

export interface TaskRun {
  /** Ends the task, and with it the process. */
  readonly signal: AbortSignal;
  readonly onLog: (line: Extract<Report, { type: 'log' }>) => void;
}

/** Code, stacks and buffers next to the heap. */
const BESIDE_THE_HEAP_MB = 256;
const MEMORY_CHECK_MS = 500;
const KEPT_STDERR = 8_192;

/**
 * A process of its own that works on one task at a time. It has an empty environment and is told nothing but its task:
 * no credential is in its memory. It runs as the worker's user, so that this is no fence around foreign code, of which it
 * runs none. It can be ended whatever it does.
 */
export class IsolatedProcess {
  private readonly child: ChildProcess;
  private readonly exited: Promise<string>;
  private stderr = '';
  alive = true;

  constructor(
    script: string,
    private readonly limits: IsolationLimits,
  ) {
    this.child = fork(script, [String(process.pid)], {
      env: {},
      execArgv: [`--max-old-space-size=${limits.memoryMb}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-KEPT_STDERR);
    });
    this.exited = new Promise((resolve) => {
      const gone = (how: string) => {
        this.alive = false;
        resolve(how);
      };
      this.child.on('error', (error) => gone(error.message));
      this.child.once('close', (code, signal) => gone(signal ?? `exit code ${code ?? 'unknown'}`));
    });
  }

  /**
   * @throws BuildTimeoutError, BuildMemoryError, BuildProcessDiedError; then the process is gone
   * @throws IsolatedTaskError with code and message of what the task threw; the reason of `signal`
   */
  async run<T extends Task>(task: T, { signal, onLog }: TaskRun): Promise<TaskResults[T['kind']]> {
    signal.throwIfAborted();
    const { timeoutSeconds, memoryMb } = this.limits;
    const cleanUp: (() => void)[] = [];
    try {
      return await new Promise<TaskResults[T['kind']]>((resolve, reject) => {
        const endWith = (reason: Error) => {
          reject(reason);
          this.kill();
        };
        const timer = setTimeout(() => endWith(new BuildTimeoutError(timeoutSeconds)), timeoutSeconds * 1000);
        const memory = setInterval(() => {
          if (residentMegabytes(this.child.pid) > memoryMb + BESIDE_THE_HEAP_MB)
            endWith(new BuildMemoryError(memoryMb));
        }, MEMORY_CHECK_MS);
        const aborted = () => endWith(signal.reason as Error);
        const reported = (report: Report) => {
          if (report.type === 'log') onLog(report);
          else if (report.type === 'done') resolve(report.result as TaskResults[T['kind']]);
          else reject(errorOf(report.failure));
        };
        signal.addEventListener('abort', aborted);
        this.child.on('message', reported);
        cleanUp.push(
          () => clearTimeout(timer),
          () => clearInterval(memory),
          () => signal.removeEventListener('abort', aborted),
          () => void this.child.off('message', reported),
        );
        void this.exited.then((how) => reject(this.deathOf(how)));
        if (this.alive) this.child.send(task, (error) => error && this.kill());
      });
    } finally {
      for (const undo of cleanUp) undo();
    }
  }

  get pid(): number | undefined {
    return this.child.pid;
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

function errorOf(failure: Failure): Error {
  const { code, message, stack, problems } = failure;
  if (code !== undefined) return new IsolatedTaskError(message, code, problems);
  return Object.assign(new Error(message), stack !== undefined && { stack });
}
