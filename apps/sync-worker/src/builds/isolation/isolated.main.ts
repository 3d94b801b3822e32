import { isCoded } from '@reunite/contracts';
import { BuildFailedError } from '@reunite/site-builder';
import { preload, runTask } from './run-task.js';
import type { FetchedFiles, Instruction, Report, Task, TaskResults } from './tasks.js';

/**
 * Entry point of an isolated process. It must not import anything that reads the environment, database, queue or vault.
 */
process.on('disconnect', () => process.exit());

/** A process that is started in advance loads its code before its first task arrives. */
const loaded = preload(process.argv[2]);

/** Continues the build that waits for files of Git LFS. */
let onLfsFiles: (files: FetchedFiles) => void = () => undefined;

process.on('message', (instruction: Instruction) => {
  if (instruction.kind === 'lfs-files') {
    onLfsFiles(instruction.files);
    return;
  }
  run(instruction).then(
    (result) => send({ type: 'done', result }),
    (error: unknown) => send({ type: 'failed', failure: failureOf(error) }),
  );
});

async function run(task: Task): Promise<TaskResults[Task['kind']]> {
  await loaded;
  send({ type: 'started' });
  return runTask(task, {
    log: (level, message, at) => send({ type: 'log', level, message, ...(at && { at }) }),
    fetchLfsFiles: (ids) =>
      new Promise((resolve) => {
        onLfsFiles = resolve;
        send({ type: 'lfs-pointers', ids });
      }),
  });
}

function send(report: Report): void {
  process.send?.(report);
}

function failureOf(error: unknown): Extract<Report, { type: 'failed' }>['failure'] {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const problems = error instanceof BuildFailedError ? error.problems : [];
  return { code: isCoded(error) ? error.code : undefined, message, stack, problems };
}
