import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GitServer } from '@reunite/testing';
import type { FileChanges } from '@reunite/testing';
import { packIn, readObjects } from '../test/read-objects.js';
import { parseCapabilityAdvertisement } from './capability-advertisement.js';
import { parseCommit } from './commit.js';
import { fetchRequest } from './fetch.js';
import { lsRefsRequest, parseLsRefs } from './ls-refs.js';
import type { GitObject, ObjectType } from './object.js';
import { hashObject } from './object.js';
import { encodePack } from './pack-encoder.js';
import { parseTree, serializeTree } from './tree.js';
import { diffTrees } from './tree-diff.js';
import { listTree } from './tree-walk.js';

const page = (name: string, edits = '') =>
  `# ${name}\n\n${`A paragraph of page ${name}, long enough to be worth a delta.\n`.repeat(60)}${edits}`;
const git = new GitServer();
const commits: string[] = [];
const commit = (message: string, files: FileChanges) => commits.push(git.push('main', files, message).after);

beforeAll(() => {
  const pages = Array.from({ length: 40 }, (_, i) => [`docs/part-${i % 5}/page-${i}.md`, page(`${i}`)] as const);
  commit('First', {
    ...Object.fromEntries(pages),
    'docs/part-0.md': 'sorts between folder and file',
    'images/é 日本.bin': Buffer.from([0, 1, 2, 255]),
    'images/link': { mode: '120000', content: '../docs' },
  });
  git.git('tag', '-a', 'v1', '-m', 'one', 'main');
  for (let round = 0; round < 12; round++) {
    commit(`Round ${round}`, {
      'docs/part-0/page-0.md': page('0', `Round ${round}\n`.repeat(round)),
      [`docs/new-${round}/x/y.md`]: `${round}`,
      ...(round === 3 && { 'docs/part-1': null }),
      ...(round === 5 && { 'docs/part-0.md': { mode: '100755', content: 'sorts between folder and file' } }),
    });
  }
});
afterAll(() => git.remove());

const objectIds = () => git.run(['rev-list', '--objects', '--no-object-names', '--all']);
const pack = (...options: string[]) => git.run(['pack-objects', '--stdout', '-q', ...options], objectIds());
const readWithGit = (id: string): GitObject => {
  const type = git.git('cat-file', '-t', id) as ObjectType;
  return { type, body: git.run(['cat-file', type, id]) };
};
const readTree = (id: string) => parseTree(git.run(['cat-file', 'tree', id]));
const treeOf = (commit: string) => git.git('rev-parse', `${commit}^{tree}`);

describe('packs written by git', () => {
  it.each(['--delta-base-offset', '--no-reuse-delta'])(
    'contain the objects that git reads from them (%s)',
    async (option) => {
      const objects = await readObjects(pack('--depth=50', '--window=50', option));
      const ids = new Set(objectIds().toString().trim().split('\n'));
      expect(new Set(objects.map(({ id }) => id))).toEqual(ids);
      expect(Math.max(...objects.map(({ depth }) => depth))).toBeGreaterThan(3);
      for (const { id, type, body } of objects.slice(0, 20)) expect(readWithGit(id)).toEqual({ type, body });
    },
  );

  it('have the entries that git verify-pack lists', async () => {
    const all = pack('--delta-base-offset');
    const name = git.run(['index-pack', '--stdin'], all).toString().trim().split('\t')[1];
    const listing = git.git('verify-pack', '-v', `objects/pack/pack-${name}.pack`);
    const lines = listing
      .split('\n')
      .map((line) => line.split(/ +/))
      .filter(([id]) => /^[0-9a-f]{40}$/.test(id ?? ''));
    const byId = new Map((await readObjects(all)).map((object) => [object.id, object]));
    expect(lines).toHaveLength(byId.size);
    for (const [id = '', type, , length, offset, depth = '0', base = null] of lines) {
      expect(byId.get(id)).toMatchObject({
        type,
        length: Number(length),
        offset: Number(offset),
        depth: Number(depth),
        base,
      });
    }
  });

  it('have trees that serialize to the same bytes, and commits with the fields of git show', async () => {
    for (const { id, type, body } of await readObjects(pack('--delta-base-offset'))) {
      if (type === 'tree') expect(hashObject('tree', serializeTree(parseTree(body)))).toBe(id);
      if (type !== 'commit') continue;
      const { tree, parents, author, committer, message } = parseCommit(body);
      const fields = [
        tree,
        parents.join(' '),
        author.name,
        author.email,
        author.date.getTime() / 1000,
        committer.name,
        message,
      ].join('|');
      expect(fields.trim()).toBe(git.git('show', '-s', '--format=%T|%P|%an|%ae|%at|%cn|%B', id));
    }
  });

  it('pass git index-pack --strict when encodePack writes them', async () => {
    const other = new GitServer();
    const objects = await readObjects(pack('--delta-base-offset'));
    other.run(['index-pack', '--strict', '--stdin'], encodePack(objects).pack);
    expect(other.git('ls-tree', '-r', commits[0]!)).toBe(git.git('ls-tree', '-r', commits[0]!));
    other.remove();
  });
});

describe('trees written by git', () => {
  it('are listed as git ls-tree lists them', async () => {
    const format = '--format=%(objectmode) %(objectname) %(path)';
    const expected = git.run(['ls-tree', '-r', '-t', '-z', format, commits[0]!]).toString();
    const actual: string[] = [];
    for await (const { path, mode, id } of listTree(treeOf(commits[0]!), readTree))
      actual.push(`${mode} ${id} ${path}\0`);
    expect(actual.join('')).toBe(expected);
  });

  it('have the changes that git diff-tree lists', async () => {
    for (const [from, to] of [
      [0, 1],
      [0, 12],
      [12, 3],
      [4, 7],
    ] as const) {
      const [oldId, newId] = [treeOf(commits[from]!), treeOf(commits[to]!)];
      const expected = git.run(['diff-tree', '-r', '-z', '--no-renames', oldId, newId]).toString();
      const zero = { id: '0'.repeat(40), mode: '000000' };
      const letter = { added: 'A', modified: 'M', deleted: 'D' };
      const actual: string[] = [];
      for await (const { path, kind, old = zero, new: now = zero } of diffTrees(oldId, newId, readTree)) {
        actual.push(`:${old.mode} ${now.mode} ${old.id} ${now.id} ${letter[kind]}\0${path}\0`);
      }
      expect(actual.join('')).toBe(expected);
    }
  });
});

describe('protocol v2 with git upload-pack', () => {
  const fetch = async (options: Parameters<typeof fetchRequest>[0]) =>
    packIn(await git.uploadPack(fetchRequest(options)));

  it('advertises capabilities and lists refs', async () => {
    const advertisement = parseCapabilityAdvertisement(await git.uploadPack(Buffer.alloc(0), '--advertise-refs'));
    expect(advertisement.agent).toMatch(/^git\//);
    expect(advertisement.capabilities.get('fetch')).toContain('shallow');
    expect(parseLsRefs(await git.uploadPack(lsRefsRequest()))).toEqual([
      { name: 'HEAD', id: commits.at(-1), symrefTarget: 'refs/heads/main' },
      { name: 'refs/heads/main', id: commits.at(-1) },
      { name: 'refs/tags/v1', id: git.git('rev-parse', 'v1'), peeled: commits[0] },
    ]);
    expect(parseLsRefs(await git.uploadPack(lsRefsRequest({ refPrefixes: ['refs/heads/'] })))).toHaveLength(1);
  });

  it('lists the default branch of an empty repository', async () => {
    const empty = new GitServer();
    expect(parseLsRefs(await empty.uploadPack(lsRefsRequest({ unborn: true })))).toEqual([
      { name: 'HEAD', id: null, symrefTarget: 'refs/heads/main' },
    ]);
    expect(parseLsRefs(await empty.uploadPack(lsRefsRequest()))).toEqual([]);
    empty.remove();
  });

  it('fetches a snapshot, then only its changes, and both pass git fsck', async () => {
    const [old, head] = [commits[7]!, commits[8]!];
    const first = await fetch({ wants: [old], depth: 1 });
    const store = new Map<string, GitObject>();
    for (const object of await readObjects(first)) store.set(object.id, object);
    const next = await fetch({ wants: [head], haves: [old], shallow: [old], depth: 1 });
    expect(next.length).toBeLessThan(1500);
    await expect(readObjects(next)).rejects.toMatchObject({ code: 'missing-delta-base' });
    const objects = await readObjects(next, { resolveBase: (id) => store.get(id) ?? null });
    for (const object of objects) store.set(object.id, object);
    const actual: string[] = [];
    const { tree } = parseCommit(store.get(head)!.body);
    for await (const { path, mode, id } of listTree(tree, (id) => parseTree(store.get(id)!.body))) {
      expect(store.has(id)).toBe(true);
      if (mode !== '040000') actual.push(`${mode} ${id} ${path}\0`);
    }
    expect(actual.join('')).toBe(
      git.run(['ls-tree', '-r', '-z', '--format=%(objectmode) %(objectname) %(path)', head]).toString(),
    );
    const strict = new GitServer();
    writeFileSync(join(strict.folder, 'shallow'), `${old}\n${head}\n`);
    strict.run(['index-pack', '--strict', '--stdin'], encodePack([...store.values()]).pack);
    strict.git('update-ref', 'refs/heads/main', head);
    strict.git('fsck', '--strict');
    strict.remove();
  });

  it('reports a wanted commit that no longer exists', async () => {
    await expect(fetch({ wants: ['1'.repeat(40)] })).rejects.toMatchObject({ code: 'remote-object-missing' });
  });
});
