import { beforeEach, describe, expect, it } from '@jest/globals';
import { TestRepository } from '../../test/test-repository.js';
import { useDatabase } from '../../test/use-database.js';
import type { CommitStatus } from './commit-status.rules.js';
import { finalizePendingStatuses, writeStatuses } from './status-outbox.js';
import type { CommitStatusKey } from './status-outbox.js';
import { claimStatuses, releaseClaim, renewClaim, reopenStatuses, settleStatus } from './status-sending.js';

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
  const claim = async (retried = false, of = key) => {
    const claimed = await dataSource().transaction((db) => claimStatuses(db, of, retried));
    if (claimed) await releaseClaim(dataSource().manager, of, claimed.claim);
    return claimed && claimed.send;
  };
  const outcomes = async () => {
    const rows = await dataSource().query<{ text: string }[]>(
      `SELECT concat_ws(' ', state, coalesce(outcome, 'open')) AS text FROM commit_status
       WHERE repository_id = $1 ORDER BY sequence`,
      [key.repositoryId],
    );
    return rows.map(({ text }) => text);
  };
  const settle = async (outcome: string, reopenable = false) => {
    for (const { sequence } of (await claim()) ?? []) {
      await settleStatus(dataSource().manager, sequence, outcome, reopenable);
    }
  };

  const sending = (payload: CommitStatusKey) => ({ job: 'send-commit-statuses', payload: { v: 1, ...payload } });
  const finalize = async () => {
    const project = { repositoryId: key.repositoryId, name: 'Docs' };
    await repository.run((work) => finalizePendingStatuses(work, project, 'The project was deleted'));
    return repository.enqueued;
  };

  it('keeps one of equal consecutive statuses, and each that differs from the one before', async () => {
    await write('pending');
    await write('pending');
    await write('success');
    await write('pending');
    await write('pending', { description: 'still' });
    await write('pending', { description: 'still', targetUrl: 'https://console.example.com/' });
    expect((await claim())?.map(({ state }) => state)).toEqual(['pending', 'success', 'pending', 'pending', 'pending']);
  });

  it('keeps commits and contexts apart', async () => {
    await write('pending');
    await write('pending', { commit: 'c2' });
    await write('pending', { context: 'Reunite (Docs): preview' });
    expect(await claim()).toMatchObject([{ state: 'pending', description: 'pending', targetUrl: null }]);
  });

  it('treats contexts that differ only in case as one, and keeps each as it was written', async () => {
    await write('pending');
    await write('pending', { context: 'Reunite (docs): build' });
    await write('pending', { context: 'Reunite (docs): build' });
    const claimed = await claim(false, { ...key, context: 'REUNITE (docs): build' });
    expect(claimed?.map(({ context }) => context)).toEqual(['Reunite (Docs): build', 'Reunite (docs): build']);
    await settle('sent');
    expect(await finalize()).toHaveLength(1);
  });

  it('lets one run at a time claim a key, without settled statuses, until its claim lapses', async () => {
    await write('pending');
    await write('success');
    const { manager } = dataSource();
    const first = await dataSource().transaction((db) => claimStatuses(db, key, false));
    expect(first?.send.map(({ state }) => state)).toEqual(['pending', 'success']);
    expect(await claim()).toBeNull();
    await settleStatus(manager, first!.send[0]!.sequence, 'sent');
    expect(await renewClaim(manager, key, first!.claim)).toBe(true);
    await dataSource().query(`UPDATE commit_status SET claimed_until = now() - interval '1 second'`);
    expect((await claim())?.map(({ state }) => state)).toEqual(['success']);
    expect(await renewClaim(manager, key, first!.claim)).toBe(false);
  });

  it('ignores differences beyond the length that the server stores', async () => {
    await write('failure', { description: `${'x'.repeat(140)} and this` });
    await write('failure', { description: `${'x'.repeat(140)} and that` });
    const [only, ...more] = (await claim()) ?? [];
    expect([Array.from(only!.description).length, more.length]).toEqual([140, 0]);
  });

  it('sends only the latest status after an outage, and none if the server shows it already (P7)', async () => {
    await write('success');
    await settle('sent');
    await write('pending');
    await write('success');
    expect(await claim(true)).toEqual([]);
    expect(await outcomes()).toEqual(['success sent', 'pending superseded', 'success unchanged']);
    await write('pending');
    await dataSource().query(`UPDATE commit_status SET created_at = created_at - interval '1 minute'`);
    await write('failure');
    expect((await claim())?.map(({ state }) => state)).toEqual(['failure']);
  });

  it('reserves room for the final status, and never exceeds the limit of the server', async () => {
    await dataSource().query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description, settled_at, outcome)
       SELECT $1, $2, $3, 'pending', n, now(), 'sent' FROM generate_series(1, 950) n`,
      [key.repositoryId, key.commit, key.context],
    );
    await write('pending', { description: 'again' });
    await write('failure');
    expect((await claim())?.map(({ state }) => state)).toEqual(['failure']);
    await dataSource().query(`UPDATE commit_status SET outcome = 'sent' WHERE outcome <> 'sent'`);
    await dataSource().query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description, settled_at, outcome)
       SELECT $1, $2, $3, 'pending', n, now(), 'sent' FROM generate_series(951, 1000) n`,
      [key.repositoryId, key.commit, key.context],
    );
    await write('success');
    expect(await claim()).toEqual([]);
  });

  it('reopens the latest rejected status once the connection works again', async () => {
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
    expect((await claim())?.map(({ state }) => state)).toEqual(['success']);
    await settle('sent');
    expect(await reopened()).toEqual([]);
  });

  it('finalizes pending statuses under a name that is given up, and no others', async () => {
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
