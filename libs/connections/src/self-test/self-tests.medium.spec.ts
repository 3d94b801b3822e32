import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Probe } from '@reunite/contracts';
import { insertConnection } from '@reunite/testing';
import { useBridgeDatabase } from '@reunite/testing/jest';
import { probe } from './probe.rules.js';
import { SelfTestEntity } from './self-test.entity.js';
import { canRepeatSelfTest, overdueSelfTests, storeSelfTest } from './self-tests.js';
import type { ServerFacts } from './self-tests.js';

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
  const unknown = { version: null, certificateExpiresAt: null, profileExpiresAt: null };
  const store = (probes: Probe[], facts: ServerFacts = unknown) =>
    storeSelfTest(dataSource().manager, { id, organizationId: 'org_a' }, probes, facts);
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

  it.each(['certificateExpiresAt', 'profileExpiresAt'] as const)(
    'are due on the last days of a certificate, once for each: %s',
    async (expiry) => {
      const facts = { ...unknown, version: '3.19.2', [expiry]: new Date(Date.now() + 13.5 * 86_400_000) };
      await store(good, facts);
      expect(await overdue()).toEqual([]);
      await dataSource().query(`UPDATE connection_self_test SET tested_at = now() - interval '13 hours'`);
      expect(await overdue()).toEqual([{ connectionId: id }]);
      await store(good, { ...unknown, profileExpiresAt: facts.profileExpiresAt });
      expect(await overdue()).toEqual([]);
      expect(await read()).toMatchObject({ serverVersion: '3.19.2', [expiry]: expect.any(Date) });
    },
  );

  it('keep no expiry of a certificate that was removed from the profile', async () => {
    await store(good, { ...unknown, profileExpiresAt: new Date() });
    await store(good);
    expect(await read()).toMatchObject({ profileExpiresAt: null });
  });

  it('can be repeated after a quarter of an hour', async () => {
    const canRepeat = () => canRepeatSelfTest(dataSource().manager, id);
    expect(await canRepeat()).toBe(true);
    await store(bad);
    expect(await canRepeat()).toBe(false);
    await dataSource().query(`UPDATE connection_self_test SET tested_at = now() - interval '16 minutes'`);
    expect(await canRepeat()).toBe(true);
  });

  it('store nothing for a connection that was deleted meanwhile', async () => {
    await dataSource().query('DELETE FROM connection');
    await store(bad);
    expect(await dataSource().manager.count(SelfTestEntity)).toBe(0);
  });
});
