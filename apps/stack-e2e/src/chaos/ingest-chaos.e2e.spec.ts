import { beforeAll, describe, expect, it } from '@jest/globals';
import { ensurePrerequisites } from '@reunite/local-stack';
import { IngestChaos } from './ingest-chaos.js';

const LONG_MS = 180_000;

describe('while ingest, worker, Redis and PostgreSQL are killed', () => {
  beforeAll(() => ensurePrerequisites(['git', 'redis-server']), LONG_MS);

  it(
    'every accepted delivery is applied exactly once (P1, P2)',
    async () => {
      const options = { deliveries: 1_200, loops: 16, pauseMs: 80, killEveryMs: 1_200, log: () => undefined };
      const { kills, accepted, drainedMs: _, sent: __, rejections: ___, ...wrong } = await IngestChaos.run(options);
      expect(wrong).toEqual({ lost: 0, unapplied: 0, appliedTwice: 0, duplicates: 0 });
      expect(accepted).toBeGreaterThanOrEqual(1_200);
      expect(Object.keys(kills)).toHaveLength(4);
    },
    LONG_MS,
  );
});
