import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import { eventually, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import { JobProducer, JobWorkers, migrateQueueBackend, queueBackend } from './index.js';
import type { JobHandlers } from './index.js';

describe('workers whose PostgreSQL was killed', () => {
  let postgres: RunningPostgres;
  let producer: JobProducer;
  let workers: JobWorkers;
  let handled: string[];

  beforeEach(async () => {
    postgres = await startPostgres();
    const url = postgres.url('reunite_bridge');
    await migrateQueueBackend(url);
    producer = new JobProducer(queueBackend(url), () => undefined);
    handled = [];
    const syncRef = {
      handle: ({ refId }: { readonly refId: string }) => {
        handled.push(refId);
        return Promise.resolve(null);
      },
    };
    const idle = Object.keys(jobs).map((key) => [key, { handle: () => Promise.resolve(null) }]);
    const handlers = { ...(Object.fromEntries(idle) as JobHandlers), syncRef };
    const userActions = { claim: () => Promise.resolve(null), remove: () => Promise.resolve() };
    workers = await JobWorkers.start(queueBackend(url), handlers, {
      concurrency: {},
      userActions,
      onError: () => undefined,
    });
    await producer.add(jobs.syncRef, { refId: 'ref_before' });
    await eventually(() => handled.length === 1);
    await postgres.kill();
    // Long enough for every worker to find that it cannot connect.
    await wait(2_000);
    await postgres.start();
  });
  afterEach(async () => {
    await workers.close();
    await producer.close();
    await postgres.stop();
  });

  it('stop within five seconds of its restart', async () => {
    const started = Date.now();
    await workers.close();
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  it('run the next job within five seconds of its restart', async () => {
    await producer.add(jobs.syncRef, { refId: 'ref_after' });
    await eventually(() => handled.length === 2, { withinMs: 5_000 });
  });
});
