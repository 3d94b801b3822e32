import { afterAll, afterEach, beforeAll, beforeEach, describe } from '@jest/globals';
import { startPostgres, startRedis } from '@reunite/testing';
import { TestWorker } from './test-worker.js';

interface Stoppable {
  stop(): Promise<void>;
}

/** Runs tests of the worker twice, with its queue on PostgreSQL and on Redis. Each test has its own server. */
export function onBothQueues(tests: (worker: () => TestWorker) => void): void {
  describe.each(['postgres', 'redis'] as const)('sync-worker with its queue on %s', (kind) => {
    const running: Stoppable[] = [];
    let worker: TestWorker;

    beforeAll(async () => {
      const postgres = await startPostgres();
      running.push(postgres);
      const database = postgres.url('reunite_bridge');
      let queue = database;
      if (kind === 'redis') {
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

    tests(() => worker);
  });
}
