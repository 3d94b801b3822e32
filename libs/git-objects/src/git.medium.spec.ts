import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { collect } from '../test/collect.js';
import { GitRepository } from '../test/git-repository.js';
import { parseCapabilityAdvertisement } from './capability-advertisement.js';
import { parseCommit } from './commit.js';
import { fetchRequest, parseFetchResponse } from './fetch.js';
import { lsRefsRequest, parseLsRefs } from './ls-refs.js';
import type { GitObject, ObjectType } from './object.js';
import { hashObject } from './object.js';
import { encodePack } from './pack-encoder.js';
import { readPack } from './pack-reader.js';
import type { PackObject } from './pack-reader.js';
import { parseTree, serializeTree } from './tree.js';
import { diffTrees } from './tree-diff.js';
import { listTree } from './tree-walk.js';

const page = (name: string, edits = '') =>
  `# ${name}\n\n${`A paragraph of page ${name}, long enough to be worth a delta.\n`.repeat(60)}${edits}`;
const git = new GitRepository();
const commits: string[] = [];

beforeAll(() => {
  for (let i = 0; i < 40; i++) git.write(`docs/part-${i % 5}/page-${i}.md`, page(`${i}`));
  git.write('docs/part-0.md', 'sorts between folder and file');
  git.write('images/é 日本.bin', Buffer.from([0, 1, 2, 255]));
  symlinkSync('../docs', join(git.folder, 'images/link'));
  commits.push(git.commit('First'));
  git.git('tag', '-a', 'v1', '-m', 'one');
  for (let round = 0; round < 12; round++) {
    git.write('docs/part-0/page-0.md', page('0', `Round ${round}\n`.repeat(round)));
    git.write(`docs/new-${round}/x/y.md`, `${round}`);
    if (round === 3) git.git('rm', '-rq', 'docs/part-1');
    if (round === 5) git.git('update-index', '--chmod=+x', 'docs/part-0.md');
    commits.push(git.commit(`Round ${round}`));
  }
});
afterAll(() => git.remove());

const everything = () =>
  git.gitWith(
    git.git('rev-list', '--objects', '--no-object-names', '--all'),
    'pack-objects',
    '--stdout',
    '-q',
    '--delta-base-offset',
  );
const readWithGit = (id: string): GitObject => ({
  type: git.text('cat-file', '-t', id) as ObjectType,
  body: git.git('cat-file', git.text('cat-file', '-t', id), id),
});
const readTree = (id: string) => parseTree(git.git('cat-file', 'tree', id));
const treeOf = (commit: string) => git.text('rev-parse', `${commit}^{tree}`);

describe('packs written by git', () => {
  it.each(['--delta-base-offset', '--no-reuse-delta'])(
    'contain the objects that git reads from them (%s)',
    async (option) => {
      const list = git.git('rev-list', '--objects', '--no-object-names', '--all');
      const pack = git.gitWith(list, 'pack-objects', '--stdout', '-q', '--depth=50', '--window=50', option);
      const objects = await collect(readPack(pack));
      const ids = new Set(list.toString().trim().split('\n'));
      expect(new Set(objects.map(({ id }) => id))).toEqual(ids);
      expect(Math.max(...objects.map(({ depth }) => depth))).toBeGreaterThan(3);
      for (const { id, type, body } of objects.slice(0, 20)) expect(readWithGit(id)).toEqual({ type, body });
    },
  );

  it('have the entries that git verify-pack lists', async () => {
    const pack = everything();
    const name = git.gitWith(pack, 'index-pack', '--stdin').toString().trim().split('\t')[1];
    const listing = git.text('verify-pack', '-v', `.git/objects/pack/pack-${name}.pack`);
    const lines = listing
      .split('\n')
      .map((line) => line.split(/ +/))
      .filter(([id]) => /^[0-9a-f]{40}$/.test(id ?? ''));
    const byId = new Map((await collect(readPack(pack))).map((object) => [object.id, object]));
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
    for await (const { id, type, body } of readPack(everything())) {
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
      expect(fields.trim()).toBe(git.text('show', '-s', '--format=%T|%P|%an|%ae|%at|%cn|%B', id));
    }
  });

  it('pass git index-pack --strict when encodePack writes them', async () => {
    const other = new GitRepository();
    const objects = await collect(readPack(everything()));
    other.gitWith(encodePack(objects).pack, 'index-pack', '--strict', '--stdin');
    expect(other.text('ls-tree', '-r', commits[0]!)).toBe(git.text('ls-tree', '-r', commits[0]!));
    other.remove();
  });
});

describe('trees written by git', () => {
  it('are listed as git ls-tree lists them', async () => {
    const expected = git
      .git('ls-tree', '-r', '-t', '-z', '--format=%(objectmode) %(objectname) %(path)', commits[0]!)
      .toString();
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
      const expected = git.git('diff-tree', '-r', '-z', '--no-renames', oldId, newId).toString();
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
  const fetch = (options: Parameters<typeof fetchRequest>[0]) =>
    parseFetchResponse(git.uploadPack(fetchRequest(options)));

  it('advertises capabilities and lists refs', () => {
    const advertisement = parseCapabilityAdvertisement(git.uploadPack(Buffer.alloc(0), '--advertise-refs'));
    expect(advertisement.agent).toMatch(/^git\//);
    expect(advertisement.capabilities.get('fetch')).toContain('shallow');
    expect(parseLsRefs(git.uploadPack(lsRefsRequest()))).toEqual([
      { name: 'HEAD', id: commits.at(-1), symrefTarget: 'refs/heads/main' },
      { name: 'refs/heads/main', id: commits.at(-1) },
      { name: 'refs/tags/v1', id: git.text('rev-parse', 'v1'), peeled: commits[0] },
    ]);
    expect(parseLsRefs(git.uploadPack(lsRefsRequest({ refPrefixes: ['refs/heads/'] })))).toHaveLength(1);
  });

  it('lists the default branch of an empty repository', () => {
    const empty = new GitRepository();
    expect(parseLsRefs(empty.uploadPack(lsRefsRequest({ unborn: true })))).toEqual([
      { name: 'HEAD', id: null, symrefTarget: 'refs/heads/main' },
    ]);
    expect(parseLsRefs(empty.uploadPack(lsRefsRequest()))).toEqual([]);
    empty.remove();
  });

  it('fetches a snapshot, then only its changes, and both pass git fsck', async () => {
    const [old, head] = [commits[7]!, commits[8]!];
    const first = fetch({ wants: [old], depth: 1 });
    expect(first.shallow).toEqual([old]);
    const store = new Map<string, PackObject>();
    for await (const object of readPack(first.pack)) store.set(object.id, object);
    const next = fetch({ wants: [head], haves: [old], shallow: [old], depth: 1 });
    expect(next.shallow).toEqual([head]);
    expect(next.pack.length).toBeLessThan(1500);
    await expect(collect(readPack(next.pack))).rejects.toMatchObject({ code: 'missing-delta-base' });
    const objects = await collect(readPack(next.pack, { resolveBase: (id) => store.get(id) ?? null }));
    for (const object of objects) store.set(object.id, object);
    const actual: string[] = [];
    const { tree } = parseCommit(store.get(head)!.body);
    for await (const { path, mode, id } of listTree(tree, (id) => parseTree(store.get(id)!.body))) {
      expect(store.has(id)).toBe(true);
      if (mode !== '040000') actual.push(`${mode} ${id} ${path}\0`);
    }
    expect(actual.join('')).toBe(
      git.git('ls-tree', '-r', '-z', '--format=%(objectmode) %(objectname) %(path)', head).toString(),
    );
    const strict = new GitRepository();
    strict.write('.git/shallow', `${old}\n${head}\n`);
    strict.gitWith(encodePack([...store.values()]).pack, 'index-pack', '--strict', '--stdin');
    strict.git('update-ref', 'refs/heads/main', head);
    strict.git('fsck', '--strict');
    strict.remove();
  });

  it('reports a wanted commit that no longer exists', () => {
    expect(() => fetch({ wants: ['1'.repeat(40)] })).toThrow(
      expect.objectContaining({ code: 'remote-object-missing' }),
    );
  });
});
