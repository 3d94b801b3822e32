import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { randomBytes } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { openContentStore } from '@reunite/content-store';
import type { ContentStore } from '@reunite/content-store';
import { GitServer } from '@reunite/testing';
import { syncContent } from './content-sync.js';
import type { SyncProgress } from './desired-state.js';
import { ProtocolV2Git } from './remote-git.js';

const main = 'refs/heads/main';
/** Text that no packing makes small. */
const page = () => randomBytes(3_000).toString('hex');
const pages = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`docs/part-${i % 4}/page-${i}.md`, page()]));

describe('a content sync', () => {
  let server: GitServer;
  let folder: string;
  let store: ContentStore;

  /** Whether the next listings of refs are those of the repository. Default: yes. */
  let confirmations: boolean[];
  const remote = new ProtocolV2Git({
    listRefs: async (request) => ({
      body: await server.uploadPack(request),
      confirmed: Promise.resolve(confirmations.shift() ?? true),
    }),
    fetch: async (request, read) => read(Readable.from([await server.uploadPack(request)])),
  });

  const sync = (desiredCommit: string | null, have: string[] = []) =>
    syncContent(remote, store.repository('rep_1'), { refName: main, desiredCommit, have });
  const synced = (commit: string) => ({
    kind: 'synced',
    commit,
    tree: server.git('rev-parse', `${commit}^{tree}`),
  });
  const textOf = async (commit: string, path: string) => {
    const objects = store.repository('rep_1');
    const entry = await objects.readPath((await objects.readCommit(commit)).tree, path);
    return (await objects.read(entry!.id)).body.toString();
  };

  beforeEach(() => {
    server = new GitServer();
    confirmations = [];
    folder = mkdtempSync(join(tmpdir(), 'repositories-content-'));
    store = openContentStore(pathToFileURL(folder));
  });
  afterEach(async () => {
    await store.close();
    server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('fetches a whole snapshot at first, and then only the changes', async () => {
    const first = server.commit('main', pages(40));
    expect(await sync(first)).toEqual(synced(first));
    const second = server.commit('main', { 'docs/part-1/new.md': '# New' }, first);
    expect(await sync(second, [first])).toEqual(synced(second));
    expect(await textOf(second, 'docs/part-1/new.md')).toBe('# New');
    expect(server.answers).toHaveLength(2);
    expect(server.answers[0]).toBeGreaterThan(100_000);
    expect(server.answers[1]).toBeLessThan(1_500);
  });

  it('reports the objects and bytes that it has received', async () => {
    const commit = server.commit('main', pages(4));
    const reports: SyncProgress[] = [];
    const onProgress = (progress: SyncProgress) => void reports.push(progress);
    const request = { refName: main, desiredCommit: commit, have: [], onProgress };
    await syncContent(remote, store.repository('rep_1'), request);
    // A commit, the root, the folder docs and those in it, and the pages.
    expect(reports.map(({ objects }) => objects)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(reports.at(-1)?.bytes).toBeGreaterThan(10_000);
  });

  it('sends no request for a stored snapshot', async () => {
    const first = server.commit('main', { 'index.md': '# Home' });
    await sync(first);
    expect(await sync(first)).toEqual(synced(first));
    expect(server.answers).toHaveLength(1);
  });

  it('resolves the ref on the server if no commit is given', async () => {
    const first = server.commit('main', { 'index.md': '# Home' });
    server.commit('main-2', { 'index.md': '# Not this one' });
    expect(await sync(null)).toEqual(synced(first));
  });

  it('syncs to the head if a force-push removed the desired commit', async () => {
    const first = server.commit('main', { 'index.md': '# Home' });
    const lost = server.commit('main', { 'index.md': '# Lost' }, first);
    const head = server.commit('main', { 'index.md': '# Forced' });
    server.prune();
    expect(await sync(lost)).toEqual(synced(head));
    expect(await textOf(head, 'index.md')).toBe('# Forced');
  });

  it('syncs to the new head if the ref is force-pushed between resolution and fetch', async () => {
    server.commit('main', { 'index.md': '# Home' });
    let head = '';
    server.interrupt = (request) => {
      if (head !== '' || !request.includes('command=ls-refs')) return;
      head = server.commit('main', { 'index.md': '# Forced' });
      server.prune();
    };
    expect(await sync(null)).toEqual(synced(head));
  });

  it('fails with the error of the server if the resolved commit is missing every time', async () => {
    server.commit('main', { 'index.md': '# Home' });
    server.interrupt = (request) => {
      if (!request.includes('command=ls-refs')) return;
      server.commit('main', { 'index.md': page() });
      server.prune();
    };
    await expect(sync(null)).rejects.toMatchObject({ code: 'remote-object-missing' });
  });

  it('reports a deleted ref as deleted, also if another ref name begins with its name', async () => {
    const first = server.commit('main-2', { 'index.md': '# Home' });
    expect(await sync(null)).toEqual({ kind: 'deleted' });
    expect(await sync('1'.repeat(40), [first])).toEqual({ kind: 'deleted' });
  });

  it('publishes nothing that another repository listed under the former name, and lists again', async () => {
    const other = server.commit('main', { 'index.md': '# Of another repository' });
    confirmations = [false];
    let head = '';
    server.interrupt = (request) => {
      if (head === '' && request.includes(`want ${other}`)) head = server.commit('main', { 'index.md': '# Own' });
    };
    expect(await sync(null)).toEqual(synced(head));
    expect(await store.repository('rep_1').has(other)).toBe(false);
  });

  it('reports a ref of an empty repository as deleted', async () => {
    expect(await sync(null)).toEqual({ kind: 'deleted' });
  });

  it('fetches the whole snapshot if the store lost the base of a delta', async () => {
    const first = server.commit('main', pages(8));
    await sync(first);
    const second = server.commit('main', { 'docs/part-0/page-0.md': '# Changed' }, first);
    server.interrupt = async (request) => {
      if (request.includes(`have ${first}`)) await store.removeRepository('rep_1');
    };
    expect(await sync(second, [first])).toEqual(synced(second));
    expect(server.answers).toHaveLength(3);
    expect(await textOf(second, 'docs/part-1/page-1.md')).toHaveLength(6_000);
  });
});
