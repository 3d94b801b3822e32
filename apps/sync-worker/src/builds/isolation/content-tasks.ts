import type { ContentStore } from '@reunite/content-store';
import type { TaskRun } from './isolated-process.js';
import type { IsolatedProcesses } from './isolated-processes.js';
import type { BuildTask, LintTask, Task, TaskResults } from './tasks.js';

/** Runs tasks in isolated processes, with the content of a repository in a folder that they can read. */
export class ContentTasks {
  constructor(
    private readonly processes: IsolatedProcesses,
    private readonly content: Pick<ContentStore, 'withLocalCopy'>,
  ) {}

  /** @throws what {@link IsolatedProcesses.run} throws, and errors of the content store */
  run<T extends Task>(task: Omit<T, 'contentUrl'>, run: TaskRun): Promise<TaskResults[T['kind']]>;
  run(
    task: Omit<BuildTask, 'contentUrl'> | Omit<LintTask, 'contentUrl'>,
    run: TaskRun,
  ): Promise<TaskResults[Task['kind']]> {
    return this.content.withLocalCopy(task.repositoryId, (contentUrl) =>
      this.processes.run({ ...task, contentUrl }, run),
    );
  }
}
