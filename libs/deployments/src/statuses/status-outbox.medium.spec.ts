import { beforeEach, describe, expect, it } from '@jest/globals';
import { TestRepository } from '../../test/test-repository.js';
import { useDatabase } from '../../test/use-database.js';
import type { CommitStatus } from './commit-status.rules.js';
import { finalizePendingStatuses, writeStatuses } from './status-outbox.js';
import type { CommitStatusKey } from './status-outbox.js';
import { claimStatuses, reopenStatuses, settleStatus } from './status-sending.js';

describe('the outbox of commit statuses', () => {
  const dataSource = useDatabase();
  let repository: TestRepository;
  let key: CommitStatusKey;

  beforeEach(async () => {
    repository = await TestRepository.open(dataSource());
    key = { repositoryId: repository.repositoryId, commit: 'c1', context: 'Reunite (Docs): build' };
  });

  const write = (state: CommitStatus['state'], status: Partial<CommitStatus> = {}) =>
    writeStatuses(dataSource().manager, key.repositoryId, [
      { commit: 'c1', context: key.context, state, description: state, targetUrl: null, ...status },
    ]);
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

  const sending = (payload: CommitStatusKey) => ({ job: 'send-commit-statuses', payload: { v: 1, ...payload } });
  const finalize = async () => {
    const project = { repositoryId: key.repositoryId, name: 'Docs' };
    await repository.run((work) => finalizePendingStatuses(work, project, 'The project was deleted'));
    return repository.enqueued;
  };

  it('holds what is said twice once, and what is said again after something else again', async () => {
    await write('pending');
    await write('pending');
    await write('success');
    await write('pending');
    await write('pending', { description: 'still' });
    await write('pending', { description: 'still', targetUrl: 'https://console.example.com/' });
    expect((await open())?.map(({ state }) => state)).toEqual(['pending', 'success', 'pending', 'pending', 'pending']);
  });

  it('keeps commits and contexts apart', async () => {
    await write('pending');
    await write('pending', { commit: 'c2' });
    await write('pending', { context: 'Reunite (Docs): preview' });
    expect(await open()).toMatchObject([{ state: 'pending', description: 'pending', targetUrl: null }]);
  });

  it('holds contexts that differ only by case as one, as a server does, each as it was written', async () => {
    await write('pending');
    await write('pending', { context: 'Reunite (docs): build' });
    await write('pending', { context: 'Reunite (docs): build' });
    await dataSource().transaction(async (db) => {
      const held = await claimStatuses(db, { ...key, context: 'REUNITE (docs): build' }, false);
      expect(held?.map(({ context }) => context)).toEqual(['Reunite (Docs): build', 'Reunite (docs): build']);
      expect(await open()).toBeNull();
    });
    await settle('sent');
    expect(await finalize()).toHaveLength(1);
  });

  it('gives a key to one run at a time, oldest first, and what is settled to none', async () => {
    await write('pending');
    await write('success');
    await dataSource().transaction(async (db) => {
      const held = await claimStatuses(db, key, false);
      expect(held?.map(({ state }) => state)).toEqual(['pending', 'success']);
      expect(await open()).toBeNull();
      await settleStatus(db, held![0]!.sequence, 'sent');
    });
    expect((await open())?.map(({ state }) => state)).toEqual(['success']);
  });

  it('holds what differs only beyond what the server keeps once', async () => {
    await write('failure', { description: `${'x'.repeat(140)} and this` });
    await write('failure', { description: `${'x'.repeat(140)} and that` });
    const [only, ...more] = (await open()) ?? [];
    expect([Array.from(only!.description).length, more.length]).toEqual([140, 0]);
  });

  it('sends after an outage the last word alone, and nothing where that is what the server shows (P7)', async () => {
    await write('success');
    await settle('sent');
    await write('pending');
    await write('success');
    expect(await open(true)).toEqual([]);
    expect(await outcomes()).toEqual(['success sent', 'pending superseded', 'success unchanged']);
    await write('pending');
    await dataSource().query(`UPDATE commit_status SET created_at = created_at - interval '1 minute'`);
    await write('failure');
    expect((await open())?.map(({ state }) => state)).toEqual(['failure']);
  });

  it('keeps room for the last word, and never exceeds what a server takes of one commit and context', async () => {
    await dataSource().query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description, settled_at, outcome)
       SELECT $1, $2, $3, 'pending', n, now(), 'sent' FROM generate_series(1, 950) n`,
      [key.repositoryId, key.commit, key.context],
    );
    await write('pending', { description: 'again' });
    await write('failure');
    expect((await open())?.map(({ state }) => state)).toEqual(['failure']);
    await dataSource().query(`UPDATE commit_status SET outcome = 'sent' WHERE outcome <> 'sent'`);
    await dataSource().query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description, settled_at, outcome)
       SELECT $1, $2, $3, 'pending', n, now(), 'sent' FROM generate_series(951, 1000) n`,
      [key.repositoryId, key.commit, key.context],
    );
    await write('success');
    expect(await open()).toEqual([]);
  });

  it('opens the last word again that was refused, once the connection is well', async () => {
    const [row] = await dataSource().query<{ connection_id: string }[]>(
      'SELECT connection_id FROM repository WHERE id = $1',
      [key.repositoryId],
    );
    const { connection_id: connectionId } = row!;
    const reopened = async () => {
      await repository.run((work) => reopenStatuses(work, connectionId));
      return repository.enqueued;
    };
    await dataSource().query(
      `INSERT INTO installation (connection_id, id, owner, repository_selection, suspended)
       VALUES ($1, 7, 'acme', 'all', true)`,
      [connectionId],
    );
    await write('pending');
    await settle('The installation is suspended.', true);
    await write('success');
    await settle('The installation is suspended.', true);
    expect(await reopened()).toEqual([]);
    await dataSource().query('UPDATE installation SET suspended = false WHERE connection_id = $1', [connectionId]);
    expect(await reopened()).toEqual([sending(key)]);
    expect((await open())?.map(({ state }) => state)).toEqual(['success']);
    await settle('sent');
    expect(await reopened()).toEqual([]);
  });

  it('ends what is pending under a name that is given up, and leaves others alone', async () => {
    await write('pending');
    await write('pending', { context: 'Reunite (Docs): lint' });
    await write('success', { context: 'Reunite (Docs): lint' });
    await write('pending', { context: 'Reunite (Docs 2): build' });
    await write('pending', { commit: 'c2', context: 'Reunite (Docs): build' });
    const finalized = await finalize();
    expect(finalized).toHaveLength(2);
    expect(finalized).toEqual(expect.arrayContaining([sending(key), sending({ ...key, commit: 'c2' })]));
    expect(await finalize()).toEqual([]);
  });
});
