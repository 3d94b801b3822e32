import type { JobDefinition } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';

/** The transaction that an operation writes in, and what follows once it is committed. */
export interface Work {
  readonly db: EntityManager;
  readonly afterCommit: AfterCommit;
}

/** Collects follow-ups of a transaction. They run after the commit; a rollback drops them. */
export interface AfterCommit {
  /**
   * Enqueues a job. Jobs with the same key are enqueued once, in the order of the first call. If the queue is
   * unavailable, the failure is logged: the job must belong to a row that the sweeper finds.
   *
   * @throws ZodError if the payload does not match the job's schema, which rolls the transaction back
   */
  enqueue<J extends JobDefinition>(job: J, payload: z.input<J['payload']>): void;

  /**
   * Runs a task, after all jobs are enqueued. A failure is logged: retention must make up for a task that did not run.
   *
   * @param name names the task in the log
   */
  run(name: string, task: () => Promise<void>): void;
}
