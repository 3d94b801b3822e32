import { beforeEach, describe, expect, it } from '@jest/globals';
import { DeploymentStand } from '../../test/deployment-stand.js';
import { useBridge } from '../../test/use-bridge.js';
import {
  claimStatuses,
  endPendingStatuses,
  reopenRefusedStatuses,
  reportStatus,
  settleStatus,
} from './commit-statuses.js';
import type { CommitStatusKey, ReportedStatus } from './commit-statuses.js';

describe('the outbox of commit statuses', () => {
  const dataSource = useBridge();
  let key: CommitStatusKey;

  beforeEach(async () => {
    const { repositoryId } = await DeploymentStand.open(dataSource());
    key = { repositoryId, commit: 'c1', context: 'Reunite (Docs): build' };
  });

  const say = (state: ReportedStatus['state'], own: Partial<ReportedStatus> = {}) =>
    reportStatus(dataSource().manager, { ...key, state, description: state, targetUrl: null, ...own });
  const open = (retried = false) => dataSource().transaction((db) => claimStatuses(db, key, retried));
  const outcomes = async () => {
    const rows = await dataSource().query<{ said: string }[]>(
      `SELECT concat_ws(' ', state, coalesce(outcome, 'open')) AS said FROM commit_status
       WHERE repository_id = $1 ORDER BY sequence`,
      [key.repositoryId],
    );
    return rows.map(({ said }) => said);
  };
  const settle = async (outcome: string, refused = false) => {
    for (const { sequence } of (await open()) ?? []) {
      await settleStatus(dataSource().manager, sequence, outcome, refused);
    }
  };

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

  it('holds contexts that differ only by case as one, as a server does, each as it was written', async () => {
    await say('pending');
    await say('pending', { context: 'Reunite (docs): build' });
    await say('pending', { context: 'Reunite (docs): build' });
    await dataSource().transaction(async (db) => {
      const held = await claimStatuses(db, { ...key, context: 'REUNITE (docs): build' }, false);
      expect(held?.map(({ context }) => context)).toEqual(['Reunite (Docs): build', 'Reunite (docs): build']);
      expect(await open()).toBeNull();
    });
    await settle('sent');
    const project = { repositoryId: key.repositoryId, name: 'Docs' };
    expect(await endPendingStatuses(dataSource().manager, project, 'The project was deleted')).toHaveLength(1);
  });

  it('gives a key to one run at a time, oldest first, and what is settled to none', async () => {
    await say('pending');
    await say('success');
    await dataSource().transaction(async (db) => {
      const held = await claimStatuses(db, key, false);
      expect(held?.map(({ state }) => state)).toEqual(['pending', 'success']);
      expect(await open()).toBeNull();
      await settleStatus(db, held![0]!.sequence, 'sent');
    });
    expect((await open())?.map(({ state }) => state)).toEqual(['success']);
  });

  it('holds what differs only beyond what the server keeps once', async () => {
    await say('failure', { description: `${'x'.repeat(140)} and this` });
    await say('failure', { description: `${'x'.repeat(140)} and that` });
    const [only, ...more] = (await open()) ?? [];
    expect([Array.from(only!.description).length, more.length]).toEqual([140, 0]);
  });

  it('sends after an outage the last word alone, and nothing where that is what the server shows (P7)', async () => {
    await say('success');
    await settle('sent');
    await say('pending');
    await say('success');
    expect(await open(true)).toEqual([]);
    expect(await outcomes()).toEqual(['success sent', 'pending superseded', 'success unchanged']);
    await say('pending');
    await dataSource().query(`UPDATE commit_status SET created_at = created_at - interval '1 minute'`);
    await say('failure');
    expect((await open())?.map(({ state }) => state)).toEqual(['failure']);
  });

  it('keeps room for the last word, and never exceeds what a server takes of one commit and context', async () => {
    await dataSource().query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description, settled_at, outcome)
       SELECT $1, $2, $3, 'pending', n, now(), 'sent' FROM generate_series(1, 950) n`,
      [key.repositoryId, key.commit, key.context],
    );
    await say('pending', { description: 'again' });
    await say('failure');
    expect((await open())?.map(({ state }) => state)).toEqual(['failure']);
    await dataSource().query(`UPDATE commit_status SET outcome = 'sent' WHERE outcome <> 'sent'`);
    await dataSource().query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description, settled_at, outcome)
       SELECT $1, $2, $3, 'pending', n, now(), 'sent' FROM generate_series(951, 1000) n`,
      [key.repositoryId, key.commit, key.context],
    );
    await say('success');
    expect(await open()).toEqual([]);
  });

  it('opens the last word again that was refused, once the connection is well', async () => {
    const [row] = await dataSource().query<{ connection_id: string }[]>(
      'SELECT connection_id FROM repository WHERE id = $1',
      [key.repositoryId],
    );
    const { connection_id: connectionId } = row!;
    const reopened = () => reopenRefusedStatuses(dataSource().manager, connectionId);
    await dataSource().query(
      `INSERT INTO installation (connection_id, id, owner, repository_selection, suspended)
       VALUES ($1, 7, 'acme', 'all', true)`,
      [connectionId],
    );
    await say('pending');
    await settle('The installation is suspended.', true);
    await say('success');
    await settle('The installation is suspended.', true);
    expect(await reopened()).toEqual([]);
    await dataSource().query('UPDATE installation SET suspended = false WHERE connection_id = $1', [connectionId]);
    expect(await reopened()).toEqual([key]);
    expect((await open())?.map(({ state }) => state)).toEqual(['success']);
    await settle('sent');
    expect(await reopened()).toEqual([]);
  });

  it('ends what is pending under a name that is given up, and leaves others alone', async () => {
    await say('pending');
    await say('pending', { context: 'Reunite (Docs): lint' });
    await say('success', { context: 'Reunite (Docs): lint' });
    await say('pending', { context: 'Reunite (Docs 2): build' });
    await say('pending', { commit: 'c2', context: 'Reunite (Docs): build' });
    const project = { repositoryId: key.repositoryId, name: 'Docs' };
    const ended = await endPendingStatuses(dataSource().manager, project, 'The project was deleted');
    expect(ended).toHaveLength(2);
    expect(ended).toEqual(expect.arrayContaining([key, { ...key, commit: 'c2' }]));
    expect(await endPendingStatuses(dataSource().manager, project, 'The project was deleted')).toEqual([]);
  });
});
