import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { diffTrees } from '@reunite/git-objects';
import { GitServer } from '@reunite/testing';
import { commitEach, fetchPack, fetchSince, packOf } from '../test/packs.js';
import { TemporaryFolder } from '../test/temporary-folder.js';
import type { ContentStore, RepositoryObjects } from './content-store.js';
import { openContentStore } from './open-content-store.js';

const page = (title: string) => `# ${title}\n\n${'A line that makes the page worth a delta.\n'.repeat(50)}`;
const git = new GitServer();
let commits: string[];
let folder: TemporaryFolder;
let store: ContentStore;
let sut: RepositoryObjects;

beforeAll(() => {
  const first = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`docs/part-${i % 3}/page-${i}.md`, page(`${i}`)]),
  );
  commits = commitEach(git, [
    { ...first, 'README.md': page('Read me') },
    { 'docs/part-1/page-1.md': page('changed'), 'docs/new/a.md': 'new' },
    { 'docs/part-2/page-2.md': null },
    {},
  ]);
});
afterAll(() => git.remove());
beforeEach(() => {
  folder = new TemporaryFolder();
  store = openContentStore(pathToFileURL(folder.path));
  sut = store.repository('rep_1');
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

const files = (path: string) => (existsSync(join(folder.path, path)) ? readdirSync(join(folder.path, path)) : []);
const another = () => openContentStore(pathToFileURL(folder.path));

/** Expects the snapshot to have the entries that git lists, and every file to be readable. */
async function expectSnapshot(repository: RepositoryObjects, commit: string): Promise<void> {
  const { tree } = await repository.readCommit(commit);
  const expected = git.git('ls-tree', '-r', '--format=%(objectmode) %(objectname) %(path)', commit);
  const actual: string[] = [];
  for await (const { path, mode, id } of repository.walk(tree)) {
    if (mode === '040000') continue;
    actual.push(`${mode} ${id} ${path}`);
    const size = await repository.size(id);
    const { type, body } = await repository.read(id);
    expect([type, size]).toEqual(['blob', body.length]);
  }
  expect(actual.join('\n')).toBe(expected);
  expect(await repository.hasSnapshot(commit)).toBe(true);
}

describe('a repository', () => {
  it('ingests a first snapshot and then its changes, and returns each complete snapshot', async () => {
    const pack = await fetchPack(git, { wants: [commits[0]!] });
    const first = await sut.ingestPack([pack], { commit: commits[0]! });
    expect(first).toEqual({
      commit: commits[0],
      tree: git.git('rev-parse', `${commits[0]!}^{tree}`),
      objects: 37,
      bytes: pack.length,
    });
    for (let i = 1; i < commits.length; i++) {
      const thin = await fetchSince(git, commits[i - 1]!, commits[i]!);
      expect(thin.length).toBeLessThan(1200);
      await sut.ingestPack([thin], { commit: commits[i]! });
    }
    const reopened = another();
    for (const commit of commits) await expectSnapshot(reopened.repository('rep_1'), commit);
    await reopened.close();
  });

  it('finds a path, reads it, and diffs two snapshots', async () => {
    const { tree } = await sut.ingestPack([await fetchPack(git, { wants: [commits[0]!] })], { commit: commits[0]! });
    const next = await sut.ingestPack([await fetchSince(git, commits[0]!, commits[1]!)], { commit: commits[1]! });
    const entry = await sut.readPath(tree, 'docs/part-1/page-1.md');
    expect((await sut.read(entry!.id)).body.toString()).toBe(page('1'));
    expect(await sut.readPath(tree, 'docs')).toMatchObject({ mode: '040000' });
    for (const path of ['', '/', 'docs/', 'no', 'README.md/x', '../README.md', 'docs//part-1']) {
      expect(await sut.readPath(tree, path)).toBeNull();
    }
    const changes: string[] = [];
    for await (const { kind, path } of diffTrees(tree, next.tree, (id) => sut.readTree(id)))
      changes.push(`${kind} ${path}`);
    expect(changes).toEqual(['added docs/new/a.md', 'modified docs/part-1/page-1.md']);
  });

  it('ingests the same pack once, also for repeated and concurrent calls', async () => {
    const pack = await fetchPack(git, { wants: [commits[0]!] });
    const other = another();
    const both = [sut, sut, other.repository('rep_1')].map((one) => one.ingestPack([pack], { commit: commits[0]! }));
    const objects = (await Promise.all(both)).map((result) => result.objects);
    expect(objects.sort()).toEqual([0, 0, 37]);
    const before = files('rep_1/index');
    expect((await sut.ingestPack([pack], { commit: commits[0]! })).objects).toBe(0);
    expect(files('rep_1/index')).toEqual(before);
    await expectSnapshot(other.repository('rep_1'), commits[0]!);
    await other.close();
  });

  it('P4: publishes nothing if an object is missing, and accepts the complete pack afterwards', async () => {
    const listed = git.git('rev-list', '--objects', '--no-object-names', '--max-count=1', commits[0]!).split('\n');
    for (const left of [
      listed[0]!,
      listed[1]!,
      git.git('rev-parse', `${commits[0]!}:docs/part-0`),
      git.git('rev-parse', `${commits[0]!}:README.md`),
    ]) {
      const pack = packOf(
        git,
        listed.filter((id) => id !== left),
      );
      await expect(sut.ingestPack([pack], { commit: commits[0]! })).rejects.toMatchObject({
        code: 'incomplete-snapshot',
        missing: left,
      });
    }
    expect(files('rep_1')).toEqual([]);
    expect(await sut.hasSnapshot(commits[0]!)).toBe(false);
    await sut.ingestPack([packOf(git, listed)], { commit: commits[0]! });
    await expectSnapshot(sut, commits[0]!);
  });

  it('P4: does not treat a stored tree as complete', async () => {
    const tree = git.git('rev-parse', `${commits[1]!}^{tree}`);
    const listed = git.git('rev-list', '--objects', '--no-object-names', '--max-count=1', commits[0]!).split('\n');
    await sut.ingestPack([packOf(git, [...listed, tree])], { commit: commits[0]! });
    expect(await sut.has(tree)).toBe(true);
    await expect(sut.ingestPack([packOf(git, [commits[1]!])], { commit: commits[1]! })).rejects.toMatchObject({
      code: 'incomplete-snapshot',
    });
    await sut.ingestPack([await fetchSince(git, commits[0]!, commits[1]!)], { commit: commits[1]! });
    await expectSnapshot(sut, commits[1]!);
  });

  it('rejects a thin pack with a missing base, a truncated pack, and a pack over a limit', async () => {
    const thin = await fetchSince(git, commits[0]!, commits[1]!);
    await expect(sut.ingestPack([thin], { commit: commits[1]! })).rejects.toMatchObject({ code: 'missing-delta-base' });
    const pack = await fetchPack(git, { wants: [commits[0]!] });
    await expect(sut.ingestPack([pack.subarray(0, -100)], { commit: commits[0]! })).rejects.toMatchObject({
      code: 'malformed-object',
    });
    await expect(sut.ingestPack([pack], { commit: commits[0]!, limits: { objects: 5 } })).rejects.toMatchObject({
      code: 'too-many-objects',
    });
    await expect(sut.ingestPack([pack], { commit: 'main' })).rejects.toMatchObject({ code: 'malformed-object' });
    expect(files('rep_1')).toEqual([]);
  });

  it('marks a snapshot from a deeper history as complete when it is ingested', async () => {
    await sut.ingestPack([await fetchPack(git, { wants: [commits[3]!], depth: 4 })], { commit: commits[3]! });
    expect(await sut.hasSnapshot(commits[0]!)).toBe(false);
    const nothing = packOf(git, []);
    expect((await sut.ingestPack([nothing], { commit: commits[0]! })).objects).toBe(0);
    await expectSnapshot(sut, commits[0]!);
    await expectSnapshot(sut, commits[3]!);
  });
});

describe('the store', () => {
  it('P8: isolates the objects of repositories', async () => {
    await sut.ingestPack([await fetchPack(git, { wants: [commits[0]!] })], { commit: commits[0]! });
    const other = store.repository('rep_2');
    expect(await other.has(commits[0]!)).toBe(false);
    await expect(other.read(commits[0]!)).rejects.toMatchObject({ code: 'object-not-found' });
    const thin = await fetchSince(git, commits[0]!, commits[1]!);
    await expect(other.ingestPack([thin], { commit: commits[1]! })).rejects.toMatchObject({
      code: 'missing-delta-base',
    });
  });

  it.each(['', '..', '.', '.tmp', '../rep_1', 'a/b', 'A', 'rep-1', 'a\0', 'x'.repeat(101)])(
    'rejects the repository id %j',
    async (id) => {
      expect(() => store.repository(id)).toThrow(expect.objectContaining({ code: 'invalid-repository-id' }));
      await expect(store.removeRepository(id)).rejects.toMatchObject({ code: 'invalid-repository-id' });
    },
  );

  it('rejects URLs of other schemes', () => {
    expect(() => openContentStore('ftp://host')).toThrow(expect.objectContaining({ code: 'unsupported-storage-url' }));
  });

  it('removes a repository, also for a process that has read it, and accepts it again', async () => {
    const other = another();
    const reader = other.repository('rep_1');
    const pack = await fetchPack(git, { wants: [commits[0]!] });
    await sut.ingestPack([pack], { commit: commits[0]! });
    await expectSnapshot(reader, commits[0]!);
    await store.removeRepository('rep_1');
    await store.removeRepository('rep_1');
    expect(files('')).toEqual(['.tmp']);
    expect(files('.tmp')).toEqual([]);
    expect(await store.repository('rep_1').has(commits[0]!)).toBe(false);
    // The reader still has the removed objects in its index, and must not use them as delta bases.
    const thin = await fetchSince(git, commits[0]!, commits[1]!);
    await expect(reader.ingestPack([thin], { commit: commits[1]! })).rejects.toMatchObject({
      code: 'missing-delta-base',
    });
    await store
      .repository('rep_1')
      .ingestPack([await fetchPack(git, { wants: [commits[1]!] })], { commit: commits[1]! });
    await expectSnapshot(reader, commits[1]!);
    expect(await reader.has(commits[0]!)).toBe(false);
    // Removed and written again between two reads: other files of the same names.
    await store.removeRepository('rep_1');
    await store
      .repository('rep_1')
      .ingestPack([await fetchPack(git, { wants: [commits[2]!] })], { commit: commits[2]! });
    await expectSnapshot(reader, commits[2]!);
    expect(await reader.has(commits[1]!)).toBe(false);
    await other.close();
  });

  it('reports damaged files instead of returning wrong objects', async () => {
    await sut.ingestPack([await fetchPack(git, { wants: [commits[0]!] })], { commit: commits[0]! });
    const blob = git.git('rev-parse', `${commits[0]!}:README.md`);
    const pack = join(folder.path, 'rep_1/packs', files('rep_1/packs')[0]!);
    const sound = readFileSync(pack);
    for (const damaged of [sound.map((byte, at) => (at > 12 ? byte ^ 0x10 : byte)), sound.subarray(0, 20)]) {
      writeFileSync(pack, damaged);
      const reader = another();
      await expect(reader.repository('rep_1').read(blob)).rejects.toMatchObject({ code: 'corrupt-object' });
      await reader.close();
    }
    writeFileSync(join(folder.path, 'rep_1/index', files('rep_1/index')[0]!), 'RGIX');
    const reader = another();
    await expect(reader.repository('rep_1').read(blob)).rejects.toMatchObject({ code: 'corrupt-object' });
    await reader.close();
  });
});
