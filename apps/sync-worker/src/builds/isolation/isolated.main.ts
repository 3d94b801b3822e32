import { isCoded } from '@reunite/contracts';
import { BuildFailedError } from '@reunite/site-builder';
import { runTask } from './run-task.js';
import type { Report, Task } from './tasks.js';

/**
 * Entry point of an isolated process. It must not import anything that reads the environment, database, queue or vault.
 */
process.on('disconnect', () => process.exit());

process.on('message', (task: Task) => {
  runTask(task, (level, message, at) => send({ type: 'log', level, message, ...(at && { at }) })).then(
    (result) => send({ type: 'done', result }),
    (error: unknown) => send({ type: 'failed', failure: failureOf(error) }),
  );
});

function send(report: Report): void {
  process.send?.(report);
}

function failureOf(error: unknown): Extract<Report, { type: 'failed' }>['failure'] {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const problems = error instanceof BuildFailedError ? error.problems : [];
  return { code: isCoded(error) ? error.code : undefined, message, stack, problems };
}
