import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { DataSource } from 'typeorm';
import { DeploymentStand, openBridge } from '../test/deployment-stand.js';
import { claimOpenStatuses, reportStatus, settleStatus } from './commit-statuses.js';
import type { CommitStatusKey, ReportedStatus } from './commit-statuses.js';

describe('the outbox of commit statuses', () => {
  let postgres: RunningPostgres;
  let dataSource: DataSource;
  let key: CommitStatusKey;

  beforeAll(async () => {
    postgres = await startPostgres();
    dataSource = await openBridge(postgres.url('reunite_bridge'));
  });
  afterAll(async () => {
    await dataSource.destroy();
    await postgres.stop();
  });
  beforeEach(async () => {
    const { repositoryId } = await DeploymentStand.open(dataSource);
    key = { repositoryId, commit: 'c1', context: 'Reunite (Docs): build' };
  });

  const say = (state: ReportedStatus['state'], own: Partial<ReportedStatus> = {}) =>
    reportStatus(dataSource.manager, { ...key, state, description: state, targetUrl: null, ...own });
  const open = () => dataSource.transaction((db) => claimOpenStatuses(db, key));

  it('holds what is said twice once, and what is said again after something else again', async () => {
    await say('pending');
    await say('pending');
    await say('success');
    await say('pending');
    await say('pending', { description: 'still' });
    await say('pending', { description: 'still', targetUrl: 'https://console.example.com/' });
    expect((await open())?.map(({ state }) => state)).toEqual(['pending', 'success', 'pending', 'pending', 'pending']);
  });

  it('keeps commits and contexts apart', async () => {
    await say('pending');
    await say('pending', { commit: 'c2' });
    await say('pending', { context: 'Reunite (Docs): preview' });
    expect(await open()).toMatchObject([{ state: 'pending', description: 'pending', targetUrl: null }]);
  });

  it('gives a key to one run at a time, oldest first, and what is settled to none', async () => {
    await say('pending');
    await say('success');
    await dataSource.transaction(async (db) => {
      const held = await claimOpenStatuses(db, key);
      expect(held?.map(({ state }) => state)).toEqual(['pending', 'success']);
      expect(await open()).toBeNull();
      await settleStatus(db, held![0]!.sequence, 'sent');
    });
    expect((await open())?.map(({ state }) => state)).toEqual(['success']);
  });
});
