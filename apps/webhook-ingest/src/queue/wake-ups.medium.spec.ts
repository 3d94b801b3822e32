import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { INBOX_SHARDS } from '@reunite/contracts';
import { JobProducer, migrateQueueBackend, queueBackend } from '@reunite/queueing';
import { eventually, freePort, startPostgres, startRedis } from '@reunite/testing';
import type { RunningPostgres, RunningRedis } from '@reunite/testing';
import { TestIngest } from '../../test/test-ingest.js';

/** A queue that is away at first, and then there. */
const backends = {
  postgres: (postgres: RunningPostgres) => {
    const url = postgres.url('reunite_ingest');
    const bring = () => migrateQueueBackend(postgres.url('reunite_bridge'));
    return Promise.resolve({ away: url, back: url, bring, stop: () => Promise.resolve() });
  },
  redis: async () => {
    const redis: RunningRedis = await startRedis();
    const away = `redis://127.0.0.1:${await freePort()}`;
    return { away, back: redis.url, bring: () => Promise.resolve(), stop: () => redis.stop() };
  },
};

describe.each(['postgres', 'redis'] as const)('with its queue on %s', (kind) => {
  let postgres: RunningPostgres;
  let backend: Awaited<ReturnType<(typeof backends)[typeof kind]>>;
  let ingest: TestIngest;
  let connectionId: string;

  beforeEach(async () => {
    postgres = await startPostgres();
    backend = await backends[kind](postgres);
    ingest = await TestIngest.start(postgres, backend.away);
    connectionId = await ingest.makeConnection();
  });
  afterEach(async () => {
    await ingest.close();
    await backend.stop();
    await postgres.stop();
  });

  it('P1: accepts while the queue is unreachable, and wakes the worker when it is back', async () => {
    const started = Date.now();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ingest.post(`/webhooks/github/${connectionId}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
    expect(Date.now() - started).toBeLessThan(2_000);

    await backend.bring();
    await ingest.replaceService({ QUEUE_URL: backend.back });
    const queue = new JobProducer(queueBackend(backend.back), () => undefined);
    await eventually(async () => (await queue.depth('deliveries')) === INBOX_SHARDS);

    // One job per shard waits, however many deliveries arrive.
    for (let index = 0; index < 20; index++) await ingest.post(`/webhooks/github/${connectionId}`);
    expect(await queue.depth('deliveries')).toBe(INBOX_SHARDS);
    await queue.close();
  });
});
