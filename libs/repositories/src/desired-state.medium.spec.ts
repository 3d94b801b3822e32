import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bridgeMigrations, createDataSource, migrate } from '@reunite/database';
import { eventually, insertRepository, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { DataSource, EntityManager } from 'typeorm';
import { GitRefEntity } from './git-ref.entity.js';
import { desiredAfterPush } from './push.rules.js';
import type { PushedChange } from './push.rules.js';
import { readDesiredState, recordSync, recordSyncError, setDesiredState } from './desired-state.js';

const name = 'refs/heads/main';
const ZERO_COMMIT = '0'.repeat(40);
const synced = (commit: string) => ({ kind: 'synced', commit, tree: `tree of ${commit}` }) as const;

describe('the desired state of a ref', () => {
  let postgres: RunningPostgres;
  let dataSource: DataSource;
  let db: EntityManager;
  let repositoryId: string;

  const setCommit = (commit: string | null) => setDesiredState(db, { repositoryId, name, commit });
  const ref = () => db.findOneByOrFail(GitRefEntity, { repositoryId, name });

  beforeAll(async () => {
    postgres = await startPostgres();
    const settings = { url: postgres.url('reunite_bridge'), schema: 'bridge', entities: [GitRefEntity] } as const;
    await migrate({ ...settings, migrations: bridgeMigrations });
    dataSource = await createDataSource(settings).initialize();
    db = dataSource.manager;
  });
  afterAll(async () => {
    await dataSource.destroy();
    await postgres.stop();
  });
  beforeEach(async () => {
    repositoryId = await insertRepository(db);
  });

  it('needs a sync while it is new, and none after the sync', async () => {
    const { refId, changed } = await setCommit('a');
    expect(changed).toBe(true);
    expect(await setCommit('a')).toEqual({ refId, changed: true });
    expect(await recordSync(db, refId, 1, synced('a'))).toBe(true);
    expect(await setCommit('a')).toEqual({ refId, changed: false });
    expect(await ref()).toMatchObject({
      ...{ generation: 1, syncedGeneration: 1, desiredCommit: 'a', syncedCommit: 'a', syncedTree: 'tree of a' },
      error: null,
    });
  });

  it('raises the generation for a different commit, and always for the commit of the server', async () => {
    await setCommit('a');
    await setCommit('b');
    expect((await ref()).generation).toBe(2);
    await setCommit(null);
    await setCommit(null);
    expect(await ref()).toMatchObject({ generation: 4, desiredCommit: null, desiredDeleted: false });
  });

  it('takes the synced commit, unless the desired state changed during the sync', async () => {
    const { refId } = await setCommit(null);
    await recordSync(db, refId, 1, synced('a'));
    expect(await ref()).toMatchObject({ desiredCommit: 'a', syncedCommit: 'a' });
    await setCommit(null);
    await setCommit('c');
    expect(await recordSync(db, refId, 2, synced('b'))).toBe(true);
    expect(await ref()).toMatchObject({ generation: 3, desiredCommit: 'c', syncedGeneration: 2, syncedCommit: 'b' });
  });

  it('drops the result of a generation that is older than the synced one', async () => {
    const { refId } = await setCommit('a');
    await setCommit('b');
    expect(await recordSync(db, refId, 2, synced('b'))).toBe(true);
    expect(await recordSync(db, refId, 1, synced('a'))).toBe(false);
    expect(await recordSync(db, refId, 2, { kind: 'deleted' })).toBe(false);
    await recordSyncError(db, refId, 1, 'The first run was interrupted.');
    expect(await ref()).toMatchObject({ syncedGeneration: 2, syncedCommit: 'b', error: null });
  });

  it('becomes deleted after a sync of a deleted ref', async () => {
    const { refId } = await setCommit('a');
    await recordSync(db, refId, 1, { kind: 'deleted' });
    expect(await ref()).toMatchObject({
      desiredDeleted: true,
      desiredCommit: null,
      syncedCommit: null,
      syncedTree: null,
    });
  });

  it('raises the generation for the same commit after a failed sync, and clears the error after a success', async () => {
    const { refId } = await setCommit('a');
    await recordSyncError(db, refId, 1, 'The server is unreachable.');
    expect((await ref()).error).toBe('The server is unreachable.');
    expect((await setCommit('a')).changed).toBe(true);
    expect((await ref()).generation).toBe(2);
    await recordSync(db, refId, 2, synced('a'));
    expect((await ref()).error).toBeNull();
  });

  it('converges if two concurrent first pushes arrive in the wrong order', async () => {
    const push = async (manager: EntityManager, change: PushedChange) => {
      const desired = desiredAfterPush(await readDesiredState(manager, repositoryId, name), change);
      if (desired) await setDesiredState(manager, { repositoryId, name, ...desired });
    };
    let first: Promise<void> | undefined;
    await dataSource.transaction(async (manager) => {
      await push(manager, { before: 'a', after: 'b' });
      first = dataSource.transaction((other) => push(other, { before: ZERO_COMMIT, after: 'a' }));
      await eventually(async () => (await db.query('SELECT 1 FROM pg_locks WHERE NOT granted')).length > 0);
    });
    await first;
    expect(await ref()).toMatchObject({ desiredCommit: null, desiredDeleted: false });
  });
});
