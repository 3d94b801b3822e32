import { fileURLToPath } from 'node:url';
import { IsolatedProcess } from './isolated-process.js';
import type { IsolationLimits, TaskRun } from './isolated-process.js';
import type { Task, TaskResults } from './tasks.js';

/** The process runs compiled code, even if a test runs this file from its source. */
const script = fileURLToPath(new URL('./isolated.main.js', import.meta.url)).replace(
  /[/\\]src([/\\]builds[/\\]isolation[/\\][^/\\]+)$/,
  '/dist$1',
);

/**
 * Idle processes that are kept for each kind of task: starting one, and loading its code, takes longer than building or
 * linting a small site. One is not enough: while a tenant's task occupies it, every task of another tenant would start
 * cold.
 */
const MAX_IDLE_PER_KIND = 2;
/** Tasks after which a process is replaced, so that leaks cannot accumulate. */
const MAX_TASKS = 50;

/**
 * Runs tasks in isolated processes. A process is reused for tasks of the same kind, unless a task failed or took long
 * in it.
 */
export class IsolatedProcesses {
  private readonly idle = new Map<Task['kind'], IsolatedProcess[]>();
  private readonly busy = new Set<IsolatedProcess>();
  private readonly tasks = new WeakMap<IsolatedProcess, number>();
  private closed = false;

  constructor(
    private readonly limits: IsolationLimits,
    private readonly entry = script,
  ) {}

  /** Ids of the running processes. */
  get pids(): number[] {
    return [...this.allIdle(), ...this.busy].flatMap(({ pid }) => pid ?? []);
  }

  /** Starts a process for builds in advance. */
  warm(): void {
    if (this.idleOf('build').length === 0) this.startInAdvance('build');
  }

  /** @throws what {@link IsolatedProcess.run} throws */
  async run<T extends Task>(task: T, run: TaskRun): Promise<TaskResults[T['kind']]> {
    const taken = this.take(task.kind);
    this.busy.add(taken);
    try {
      const result = await taken.run(task, run);
      this.giveBack(taken, task.kind);
      return result;
    } catch (error) {
      // It must stop writing files.
      await taken.end();
      if (!this.closed && this.idleOf(task.kind).length === 0) this.startInAdvance(task.kind);
      throw error;
    } finally {
      this.busy.delete(taken);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    const left = [...this.allIdle(), ...this.busy];
    this.idle.clear();
    await Promise.all(left.map((one) => one.end()));
  }

  private take(kind: Task['kind']): IsolatedProcess {
    const idle = this.idleOf(kind);
    for (let waiting = idle.pop(); waiting; waiting = idle.pop()) if (waiting.alive) return waiting;
    return this.start(kind);
  }

  private giveBack(used: IsolatedProcess, kind: Task['kind']): void {
    const tasks = (this.tasks.get(used) ?? 0) + 1;
    this.tasks.set(used, tasks);
    const idle = this.idleOf(kind);
    if (this.closed || idle.length >= MAX_IDLE_PER_KIND) used.kill();
    else if (used.slow || tasks >= MAX_TASKS) {
      used.kill();
      this.startInAdvance(kind);
    } else idle.push(used);
  }

  private idleOf(kind: Task['kind']): IsolatedProcess[] {
    const idle = this.idle.get(kind) ?? [];
    this.idle.set(kind, idle);
    return idle;
  }

  private allIdle(): IsolatedProcess[] {
    return [...this.idle.values()].flat();
  }

  /** The next task must not wait for a start. Processes that have loaded their code are taken first. */
  private startInAdvance(kind: Task['kind']): void {
    this.idleOf(kind).unshift(this.start(kind));
  }

  private start(kind: Task['kind']): IsolatedProcess {
    return new IsolatedProcess(this.entry, kind, this.limits);
  }
}
