import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { DataSource, EntityManager } from 'typeorm';
import { newRepository, openBridge } from '../test/bridge-database.js';
import { GitRefEntity } from './git-ref.entity.js';
import { wantedAfterPush } from './push.rules.js';
import type { PushedChange } from './push.rules.js';
import { readWanted, recordSync, recordSyncError, wantRef } from './wanted-state.js';

const name = 'refs/heads/main';
const ZERO_COMMIT = '0'.repeat(40);
const synced = (commit: string) => ({ kind: 'synced', commit, tree: `tree of ${commit}` }) as const;

describe('the wanted state of a ref', () => {
  let postgres: RunningPostgres;
  let dataSource: DataSource;
  let db: EntityManager;
  let repositoryId: string;

  const want = (commit: string | null) => wantRef(db, { repositoryId, name, commit });
  const ref = () => db.findOneByOrFail(GitRefEntity, { repositoryId, name });

  beforeAll(async () => {
    postgres = await startPostgres();
    dataSource = await openBridge(postgres.url('reunite_bridge'));
    db = dataSource.manager;
  });
  afterAll(async () => {
    await dataSource.destroy();
    await postgres.stop();
  });
  beforeEach(async () => {
    repositoryId = await newRepository(db);
  });

  it('is to be synced when it is new, and no more once that is done', async () => {
    const { refId, changed } = await want('a');
    expect(changed).toBe(true);
    expect(await want('a')).toEqual({ refId, changed: true });
    expect(await recordSync(db, refId, 1, synced('a'))).toBe(true);
    expect(await want('a')).toEqual({ refId, changed: false });
    expect(await ref()).toMatchObject({
      ...{ generation: 1, syncedGeneration: 1, wantedCommit: 'a', syncedCommit: 'a', syncedTree: 'tree of a' },
      error: null,
    });
  });

  it('has a new generation with every other commit, and whenever the server is to be asked', async () => {
    await want('a');
    await want('b');
    expect((await ref()).generation).toBe(2);
    await want(null);
    await want(null);
    expect(await ref()).toMatchObject({ generation: 4, wantedCommit: null, wantedDeleted: false });
  });

  it('is filled in with what the server said, unless something newer is wanted meanwhile', async () => {
    const { refId } = await want(null);
    await recordSync(db, refId, 1, synced('a'));
    expect(await ref()).toMatchObject({ wantedCommit: 'a', syncedCommit: 'a' });
    await want(null);
    await want('c');
    expect(await recordSync(db, refId, 2, synced('b'))).toBe(true);
    expect(await ref()).toMatchObject({ generation: 3, wantedCommit: 'c', syncedGeneration: 2, syncedCommit: 'b' });
  });

  it('keeps the result of a later generation: an older one that comes after it is dropped', async () => {
    const { refId } = await want('a');
    await want('b');
    expect(await recordSync(db, refId, 2, synced('b'))).toBe(true);
    expect(await recordSync(db, refId, 1, synced('a'))).toBe(false);
    expect(await recordSync(db, refId, 2, { kind: 'deleted' })).toBe(false);
    await recordSyncError(db, refId, 1, 'the first run was cut off');
    expect(await ref()).toMatchObject({ syncedGeneration: 2, syncedCommit: 'b', error: null });
  });

  it('is deleted when the server says so', async () => {
    const { refId } = await want('a');
    await recordSync(db, refId, 1, { kind: 'deleted' });
    expect(await ref()).toMatchObject({
      wantedDeleted: true,
      wantedCommit: null,
      syncedCommit: null,
      syncedTree: null,
    });
  });

  it('is tried again after a failure when the same is wanted again, and the next success clears the error', async () => {
    const { refId } = await want('a');
    await recordSyncError(db, refId, 1, 'The server is away.');
    expect((await ref()).error).toBe('The server is away.');
    expect((await want('a')).changed).toBe(true);
    expect((await ref()).generation).toBe(2);
    await recordSync(db, refId, 2, synced('a'));
    expect((await ref()).error).toBeNull();
  });

  it('outlives two first pushes at the same time that arrive in the wrong order', async () => {
    const push = async (manager: EntityManager, change: PushedChange) => {
      const wanted = wantedAfterPush(await readWanted(manager, repositoryId, name), change);
      if (wanted) await wantRef(manager, { repositoryId, name, ...wanted });
    };
    let first: Promise<void> | undefined;
    await dataSource.transaction(async (manager) => {
      await push(manager, { before: 'a', after: 'b' });
      first = dataSource.transaction((other) => push(other, { before: ZERO_COMMIT, after: 'a' }));
      await eventually(async () => (await db.query('SELECT 1 FROM pg_locks WHERE NOT granted')).length > 0);
    });
    await first;
    expect(await ref()).toMatchObject({ wantedCommit: null, wantedDeleted: false });
  });
});
