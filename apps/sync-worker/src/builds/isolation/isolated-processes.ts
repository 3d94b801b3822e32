import { fileURLToPath } from 'node:url';
import { IsolatedProcess } from './isolated-process.js';
import type { IsolationLimits, TaskRun } from './isolated-process.js';
import type { Task, TaskResults } from './tasks.js';

/** The process runs compiled code, even if a test runs this file from its source. */
const script = fileURLToPath(new URL('./isolated.main.js', import.meta.url)).replace(
  /[/\\]src([/\\]builds[/\\]isolation[/\\][^/\\]+)$/,
  '/dist$1',
);

/** Idle processes that are kept: starting one takes longer than building a small site. */
const MAX_IDLE = 2;
/** Tasks after which a process is replaced, so that leaks cannot accumulate. */
const MAX_TASKS = 50;

/** Runs tasks in isolated processes. A process is reused unless a task failed in it. */
export class IsolatedProcesses {
  private readonly idle: IsolatedProcess[] = [];
  private readonly busy = new Set<IsolatedProcess>();
  private readonly tasks = new WeakMap<IsolatedProcess, number>();
  private closed = false;

  constructor(
    private readonly limits: IsolationLimits,
    private readonly entry = script,
  ) {}

  /** Ids of the running processes. */
  get pids(): number[] {
    return [...this.idle, ...this.busy].flatMap(({ pid }) => pid ?? []);
  }

  /** Starts a process in advance. */
  warm(): void {
    if (this.idle.length === 0) this.idle.push(this.start());
  }

  /** @throws what {@link IsolatedProcess.run} throws */
  async run<T extends Task>(task: T, run: TaskRun): Promise<TaskResults[T['kind']]> {
    const taken = this.take();
    this.busy.add(taken);
    try {
      const result = await taken.run(task, run);
      this.giveBack(taken);
      return result;
    } catch (error) {
      // It must stop writing files.
      await taken.end();
      throw error;
    } finally {
      this.busy.delete(taken);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.idle.splice(0), ...this.busy].map((left) => left.end()));
  }

  private take(): IsolatedProcess {
    for (let waiting = this.idle.pop(); waiting; waiting = this.idle.pop()) if (waiting.alive) return waiting;
    return this.start();
  }

  private giveBack(used: IsolatedProcess): void {
    const tasks = (this.tasks.get(used) ?? 0) + 1;
    this.tasks.set(used, tasks);
    if (this.closed || tasks >= MAX_TASKS || this.idle.length >= MAX_IDLE) used.kill();
    else this.idle.push(used);
  }

  private start(): IsolatedProcess {
    return new IsolatedProcess(this.entry, this.limits);
  }
}
