import { describe, expect, it } from '@jest/globals';
import { DeferredError } from '@reunite/queueing';
import { SyncPace } from './sync-pace.js';

describe('the pace of syncs', () => {
  it('defers the fourth sync of a ref within an interval until the interval ends, and no sync of another ref', async () => {
    const pace = new SyncPace(60);
    for (let sync = 0; sync < 3; sync++) await pace.start('ref_a');
    const error = await pace.start('ref_a').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeferredError);
    const waitMs = (error as DeferredError).until.getTime() - Date.now();
    expect(waitMs).toBeGreaterThan(50_000);
    expect(waitMs).toBeLessThanOrEqual(60_000);
    await expect(pace.start('ref_b')).resolves.toBeUndefined();
  });
});
