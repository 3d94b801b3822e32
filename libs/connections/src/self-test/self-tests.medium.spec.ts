import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Probe } from '@reunite/contracts';
import { insertConnection } from '@reunite/testing';
import { useBridgeDatabase } from '@reunite/testing/jest';
import { probe } from './probe.rules.js';
import { SelfTestEntity } from './self-test.entity.js';
import { overdueSelfTests, storeSelfTest } from './self-tests.js';

describe('the self-tests of connections', () => {
  const dataSource = useBridgeDatabase([SelfTestEntity]);
  let id: string;

  beforeEach(async () => {
    await dataSource().query('DELETE FROM connection');
    id = await insertConnection(dataSource(), { organizationId: 'org_a' });
    await dataSource().query('UPDATE connection SET app_id = 7, created_at = $1 WHERE id = $2', [new Date(0), id]);
  });

  const good = [probe('tls', 'ok', 'Trusted.')];
  const bad = [probe('tls', 'failed', 'Not trusted.', 'Add the authority.')];
  const store = (probes: Probe[]) => storeSelfTest(dataSource().manager, { id, organizationId: 'org_a' }, probes);
  const read = () => dataSource().manager.findOneByOrFail(SelfTestEntity, { connectionId: id });
  const overdue = () => overdueSelfTests(dataSource().manager, { limit: 10 });

  it('store the last result, and since when a probe fails', async () => {
    await store(good);
    expect(await read()).toMatchObject({ probes: good, failingSince: null });
    await store(bad);
    const { failingSince } = await read();
    expect(failingSince).toBeInstanceOf(Date);
    await store(bad);
    expect(await read()).toMatchObject({ probes: bad, failingSince });
    await store(good);
    expect(await read()).toMatchObject({ failingSince: null });
  });

  it('are due a day after the last one, and only with an app', async () => {
    expect(await overdue()).toEqual([{ connectionId: id }]);
    await store(bad);
    expect(await overdue()).toEqual([]);
    await dataSource().query(`UPDATE connection_self_test SET tested_at = now() - interval '25 hours'`);
    expect(await overdue()).toEqual([{ connectionId: id }]);
    await dataSource().query('UPDATE connection SET app_id = NULL');
    expect(await overdue()).toEqual([]);
  });

  it('store nothing for a connection that was deleted meanwhile', async () => {
    await dataSource().query('DELETE FROM connection');
    await store(bad);
    expect(await dataSource().manager.count(SelfTestEntity)).toBe(0);
  });
});
