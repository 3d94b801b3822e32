import { afterAll, afterEach, beforeAll, beforeEach, describe } from '@jest/globals';
import { startPostgres, startRedis } from '@reunite/testing';
import { TestWorker } from './test-worker.js';

type QueueKind = 'postgres' | 'redis';

/**
 * Runs a worker's database, queue and server during a suite. Each test has its own repository on the server, and starts
 * the worker itself.
 *
 * @returns the environment, once the tests run
 */
export function useWorker(queueKind: QueueKind = 'postgres'): () => TestWorker {
  const running: { stop(): Promise<void> }[] = [];
  let worker: TestWorker;
  beforeAll(async () => {
    const postgres = await startPostgres();
    running.push(postgres);
    const database = postgres.url('reunite_bridge');
    let queue = database;
    if (queueKind === 'redis') {
      const redis = await startRedis();
      running.push(redis);
      queue = redis.url;
    }
    worker = await TestWorker.open({ database, queue });
    running.push(worker);
  });
  beforeEach(() => worker.reset());
  afterEach(() => worker.close());
  afterAll(async () => {
    for (const server of running.reverse()) await server.stop();
  });
  return () => worker;
}

/** Runs tests of the worker twice, with its queue on PostgreSQL and on Redis. */
export function onBothQueues(tests: (worker: () => TestWorker) => void): void {
  describe.each(['postgres', 'redis'] as const)('sync-worker with its queue on %s', (queueKind) => {
    tests(useWorker(queueKind));
  });
}
