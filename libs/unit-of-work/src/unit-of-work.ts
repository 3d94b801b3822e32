import { NotFoundError } from '@reunite/contracts';
import type { JobDefinition } from '@reunite/contracts';
import type { Logger } from '@reunite/platform';
import type { JobProducer } from '@reunite/queueing';
import type { DataSource, EntityManager } from 'typeorm';
import type { z } from 'zod';
import { CollectedFollowUps } from './collected-follow-ups.js';
import type { Work } from './work.js';

/** The connections whose data an operation writes: by id, or by the id of a row below one. */
export type WorkScope =
  | { readonly connectionId: string }
  | { readonly connectionIds: readonly string[] }
  | { readonly repositoryId: string }
  | { readonly projectId: string }
  | { readonly deploymentId: string };

export interface WorkOptions {
  /** Longest wait for a lock, in seconds. Default: the database's setting. */
  readonly lockSeconds?: number;
  /**
   * False if the operation is repeated when a crash of the database takes it back: then its commit does not wait for the disk.
   * Default: true.
   */
  readonly durable?: boolean;
}

/** Runs operations in one transaction each, with their follow-up jobs after the commit. */
export class UnitOfWork {
  constructor(
    private readonly dataSource: DataSource,
    private readonly producer: Pick<JobProducer, 'addMany'>,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  /**
   * Runs an operation in a transaction that keeps its connections from being deleted. Operations on one connection still
   * run in parallel.
   *
   * @returns the operation's result, once its follow-ups have run
   * @throws NotFoundError if one of the connections no longer exists
   * @throws QueryFailedError with code 55P03 if a lock is not free in time
   */
  async run<Result>(
    scope: WorkScope,
    operation: (work: Work) => Promise<Result>,
    options: WorkOptions = {},
  ): Promise<Result> {
    const afterCommit = new CollectedFollowUps();
    const result = await this.dataSource.transaction(async (db) => {
      await lockConnection(db, scope, options);
      return operation({ db, afterCommit });
    });
    // Together: a commit's first status must not wait until its build has taken the processor.
    await Promise.all(
      afterCommit.jobs.map(({ job, payloads, traceparents }) => this.enqueue(job, payloads, traceparents)),
    );
    for (const { name, run } of afterCommit.tasks) {
      await run().catch((error: unknown) =>
        this.logger.warn({ err: error, task: name }, 'task after commit failed; retention will make up for it'),
      );
    }
    return result;
  }

  /**
   * Enqueues follow-up jobs of a change that is committed already. If the queue is unavailable, the failure is logged
   * and the sweeper enqueues the jobs later.
   */
  async enqueue<J extends JobDefinition>(
    job: J,
    payloads: readonly z.input<J['payload']>[],
    traceparents: readonly (string | null)[] = [],
  ): Promise<void> {
    try {
      await this.producer.addMany(job, payloads, traceparents);
    } catch (error) {
      this.logger.warn({ err: error, job: job.name }, 'queue unavailable; the sweeper will enqueue the job');
    }
  }
}

const CONNECTION_ID = {
  connectionIds: '$1',
  repositoryId: 'ARRAY(SELECT connection_id FROM repository WHERE id = $1)',
  projectId:
    'ARRAY(SELECT connection_id FROM project JOIN repository ON repository.id = repository_id WHERE project.id = $1)',
  deploymentId: `ARRAY(SELECT connection_id FROM deployment JOIN project ON project.id = project_id
    JOIN repository ON repository.id = repository_id WHERE deployment.id = $1)`,
} as const;

/**
 * Lock the connection first: deletes cascade from it, so that locking child rows first can deadlock. The settings of the
 * transaction are part of the statement, which saves a round trip.
 */
async function lockConnection(
  db: EntityManager,
  scope: WorkScope,
  { lockSeconds, durable = true }: WorkOptions,
): Promise<void> {
  const [sql, ids] = connectionsOf(scope);
  const settings = [
    ...(lockSeconds === undefined ? [] : [`set_config('lock_timeout', '${lockSeconds}s', true)`]),
    ...(durable ? [] : [`set_config('synchronous_commit', 'off', true)`]),
  ];
  const before = settings.length === 0 ? '' : `WITH settings AS MATERIALIZED (SELECT ${settings.join(', ')}) `;
  const from = settings.length === 0 ? 'connection' : 'settings, connection';
  const rows = await db.query<unknown[]>(
    `${before}SELECT 1 FROM ${from} WHERE connection.id = ANY(${sql}) ORDER BY connection.id FOR KEY SHARE OF connection`,
    [ids],
  );
  if (rows.length < (typeof ids === 'string' ? 1 : ids.length))
    throw new NotFoundError('The connection no longer exists.');
}

function connectionsOf(scope: WorkScope): [sql: string, ids: string | readonly string[]] {
  if ('connectionIds' in scope) return [CONNECTION_ID.connectionIds, scope.connectionIds];
  if ('connectionId' in scope) return [CONNECTION_ID.connectionIds, [scope.connectionId]];
  if ('repositoryId' in scope) return [CONNECTION_ID.repositoryId, scope.repositoryId];
  if ('projectId' in scope) return [CONNECTION_ID.projectId, scope.projectId];
  return [CONNECTION_ID.deploymentId, scope.deploymentId];
}
