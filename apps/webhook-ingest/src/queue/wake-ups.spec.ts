import { afterEach, describe, expect, it } from '@jest/globals';
import { INBOX_SHARDS, newId } from '@reunite/contracts';
import { shardOf } from '@reunite/deliveries';
import { createLogger } from '@reunite/platform';
import { WakeUps } from './wake-ups.js';

const SILENT = createLogger('test', 'silent');

describe('wake-ups', () => {
  const opened: WakeUps[] = [];
  const create = (producer: ConstructorParameters<typeof WakeUps>[0]) => {
    const wakeUps = new WakeUps(producer, SILENT);
    opened.push(wakeUps);
    return wakeUps;
  };
  afterEach(async () => {
    for (const wakeUps of opened.splice(0)) await wakeUps.close();
  });

  it('share one call of the queue, with each shard once', async () => {
    const calls: number[][] = [];
    const producer = {
      addMany: (_: unknown, payloads: readonly unknown[]) => {
        calls.push(payloads.map((payload) => (payload as { shard: number }).shard));
        return Promise.resolve();
      },
    };
    const wakeUps = create(producer);
    const connections = Array.from({ length: 100 }, () => newId('connection'));
    for (const connection of connections) wakeUps.mark(connection);
    await wakeUps.close();
    expect(calls).toHaveLength(1);
    expect(calls[0]?.sort()).toEqual([...new Set(connections.map(shardOf))].sort());
  });

  it('are repeated after a failure of the queue', async () => {
    let attempts = 0;
    const added: number[] = [];
    const producer = {
      addMany: (_: unknown, payloads: readonly unknown[]) => {
        attempts += 1;
        if (attempts === 1) return Promise.reject(new Error('ECONNREFUSED'));
        added.push(...payloads.map((payload) => (payload as { shard: number }).shard));
        return Promise.resolve();
      },
    };
    create(producer).markAll();
    const until = Date.now() + 10_000;
    while (added.length < INBOX_SHARDS && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(added.sort()).toEqual([0, 1, 2, 3]);
  });
});
