import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, insertRepository } from '@reunite/testing';
import { useBridgeDatabase } from '@reunite/testing/jest';
import type { EntityManager } from 'typeorm';
import { GitRefEntity } from './git-ref.entity.js';
import { needsServerState } from './push.rules.js';
import type { PushedChange } from './push.rules.js';
import {
  readDesiredState,
  recordSync,
  recordSyncError,
  recordSyncProgress,
  requestSync,
  startSync,
} from './desired-state.js';
import { RefQuotaError } from './ref-quota.error.js';
import { RefTracker } from './ref-tracker.js';
import { SyncRequests } from './sync-requests.js';

const name = 'refs/heads/main';
const ZERO_COMMIT = '0'.repeat(40);
const synced = (commit: string) => ({ kind: 'synced', commit, tree: `tree of ${commit}` }) as const;

describe('the desired state of a ref', () => {
  const dataSource = useBridgeDatabase([GitRefEntity]);
  let db: EntityManager;
  let repositoryId: string;

  const request = () => requestSync(db, { repositoryId, name });
  const ref = () => db.findOneByOrFail(GitRefEntity, { repositoryId, name });

  beforeAll(() => {
    db = dataSource().manager;
  });
  beforeEach(async () => {
    repositoryId = await insertRepository(db);
  });

  it('is unknown until a sync has read the state of the server', async () => {
    const refId = await request();
    expect(await ref()).toMatchObject({ generation: 1, syncedGeneration: 0, desiredCommit: null });
    expect(await request()).toBe(refId);
    expect(await recordSync(db, refId, 2, synced('a'))).toBe(true);
    expect(await ref()).toMatchObject({
      ...{ generation: 2, syncedGeneration: 2, desiredCommit: 'a', syncedCommit: 'a', syncedTree: 'tree of a' },
      error: null,
    });
  });

  it('takes the synced commit, unless another sync was requested meanwhile', async () => {
    const refId = await request();
    await request();
    expect(await recordSync(db, refId, 1, synced('a'))).toBe(true);
    expect(await ref()).toMatchObject({ generation: 2, desiredCommit: null, syncedGeneration: 1, syncedCommit: 'a' });
  });

  it('drops the result of a generation that is older than the synced one', async () => {
    const refId = await request();
    await request();
    expect(await recordSync(db, refId, 2, synced('b'))).toBe(true);
    expect(await recordSync(db, refId, 1, synced('a'))).toBe(false);
    expect(await recordSync(db, refId, 2, { kind: 'deleted' })).toBe(false);
    await recordSyncError(db, refId, 1, 'The first run was interrupted.');
    expect(await ref()).toMatchObject({ syncedGeneration: 2, syncedCommit: 'b', error: null });
  });

  it('has the progress of a sync while it runs', async () => {
    const refId = await request();
    const sync = (await startSync(db, refId))!;
    expect(await recordSyncProgress(db, sync, { objects: 7, bytes: 5_000_000_000 })).toBe(true);
    expect(await ref()).toMatchObject({ receivedObjects: 7, receivedBytes: 5_000_000_000 });
    await recordSync(db, refId, 1, synced('a'));
    expect(await ref()).toMatchObject({ receivedObjects: null, receivedBytes: null });
    expect(await recordSyncProgress(db, sync, { objects: 8, bytes: 1 })).toBe(false);
  });

  it('becomes deleted after a sync of a deleted ref', async () => {
    const refId = await request();
    await recordSync(db, refId, 1, { kind: 'deleted' });
    expect(await ref()).toMatchObject({
      desiredDeleted: true,
      desiredCommit: null,
      syncedCommit: null,
      syncedTree: null,
    });
  });

  it('keeps the error of a failed sync until one succeeds', async () => {
    const refId = await request();
    await recordSyncError(db, refId, 1, 'The server is unreachable.');
    await request();
    expect(await ref()).toMatchObject({ generation: 2, error: 'The server is unreachable.' });
    await recordSync(db, refId, 2, synced('a'));
    expect((await ref()).error).toBeNull();
  });

  it('is requested once until a sync asks the server', async () => {
    const enqueued: unknown[] = [];
    const afterCommit = {
      enqueue: (_: unknown, payload: unknown) => void enqueued.push(payload),
      run: () => undefined,
    };
    const push = (after: string) =>
      new RefTracker(1).push({ db, afterCommit }, { repositoryId, name }, { before: ZERO_COMMIT, after });

    expect([await push('a'), await push('b'), await push(ZERO_COMMIT)]).toEqual([true, true, true]);
    const { id: refId } = await ref();
    expect(enqueued).toEqual([{ refId }]);

    expect(await startSync(db, refId)).toEqual({ id: refId, repositoryId, name, generation: 1 });
    await push('c');
    await push('d');
    expect(enqueued).toHaveLength(2);

    await recordSync(db, refId, 1, synced('b'));
    expect(await readDesiredState(db, { repositoryId, name })).toMatchObject({ requested: true });
    expect(await startSync(db, refId)).toMatchObject({ generation: 2 });
    await recordSyncError(db, refId, 2, 'The server is unreachable.');
    await push('d');
    await push('d');
    expect(enqueued).toHaveLength(4);

    await recordSync(db, refId, 4, synced('d'));
    expect([await push('d'), await startSync(db, refId)]).toEqual([false, null]);
    expect(enqueued).toHaveLength(4);
  });

  it('is requested for all refs of a batch together, within the quota, also if a ref was inserted meanwhile', async () => {
    const enqueued: unknown[] = [];
    const afterCommit = {
      enqueue: (_: unknown, payload: unknown) => void enqueued.push(payload),
      run: () => undefined,
    };
    const existing = await request();
    const refs = ['main', 'one', 'two', 'three'].map((branch) => ({ repositoryId, name: `refs/heads/${branch}` }));
    await startSync(db, existing);
    const batch = await SyncRequests.read(db, refs);
    const work = { db, afterCommit };
    const push = (index: number) =>
      new RefTracker(3).push(work, refs[index]!, { before: ZERO_COMMIT, after: 'a' }, batch);
    for (const index of [0, 1, 1, 2]) expect(await push(index)).toBe(true);
    await expect(push(3)).rejects.toBeInstanceOf(RefQuotaError);
    expect(enqueued).toEqual([]);
    const meanwhile = await requestSync(db, refs[1]!);
    await batch.write(work);
    const rows = await db.findBy(GitRefEntity, { repositoryId });
    expect(rows.map((row) => `${row.name} ${row.generation}`).toSorted()).toEqual([
      'refs/heads/main 2',
      'refs/heads/one 2',
      'refs/heads/two 1',
    ]);
    expect(enqueued).toEqual(expect.arrayContaining(rows.map(({ id: refId }) => ({ refId }))));
    expect(enqueued).toContainEqual({ refId: meanwhile });
    await batch.write(work);
    expect(enqueued).toHaveLength(3);
  });

  it('converges if two concurrent first pushes arrive in the wrong order', async () => {
    const push = async (manager: EntityManager, change: PushedChange) => {
      const current = await readDesiredState(manager, { repositoryId, name });
      if (needsServerState(current, change)) await requestSync(manager, { repositoryId, name });
    };
    let first: Promise<void> | undefined;
    await dataSource().transaction(async (manager) => {
      await push(manager, { before: 'a', after: 'b' });
      first = dataSource().transaction((other) => push(other, { before: ZERO_COMMIT, after: 'a' }));
      await eventually(async () => (await db.query('SELECT 1 FROM pg_locks WHERE NOT granted')).length > 0);
    });
    await first;
    expect(await ref()).toMatchObject({ generation: 2, desiredCommit: null, desiredDeleted: false });
  });
});
