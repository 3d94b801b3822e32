import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { collect } from '../test/collect.js';
import { LimitExceededError } from './limit-exceeded.error.js';
import { hashObject } from './object.js';
import { parseTree, serializeTree } from './tree.js';
import type { TreeEntry } from './tree.js';
import { diffTrees } from './tree-diff.js';
import { listTree } from './tree-walk.js';

/** Tree objects in memory, made from paths. */
class Trees {
  readonly reads: string[] = [];
  private readonly bodies = new Map<string, Buffer>();

  readonly read = (id: string): TreeEntry[] => {
    this.reads.push(id);
    return parseTree(this.bodies.get(id)!);
  };

  add(files: ReadonlyMap<string, string>): string {
    const folders = new Map<string, Map<string, string>>();
    const entries: TreeEntry[] = [];
    for (const [path, content] of files) {
      const [name = '', ...rest] = path.split('/');
      if (rest.length === 0) entries.push({ mode: '100644', name, id: hashObject('blob', Buffer.from(content)) });
      else folders.set(name, (folders.get(name) ?? new Map<string, string>()).set(rest.join('/'), content));
    }
    for (const [name, inner] of folders) entries.push({ mode: '040000', name, id: this.add(inner) });
    return this.put(entries);
  }

  put(entries: TreeEntry[]): string {
    const body = serializeTree(entries);
    const id = hashObject('tree', body);
    this.bodies.set(id, body);
    return id;
  }

  async files(id: string): Promise<Map<string, string>> {
    const files = new Map<string, string>();
    for await (const entry of listTree(id, this.read)) if (entry.mode !== '040000') files.set(entry.path, entry.id);
    return files;
  }
}

// Folders have names of their own, so that no path is a file and a folder at once.
const path = fc
  .tuple(
    fc.array(fc.constantFrom('d', 'e', 'd.d'), { maxLength: 3 }),
    fc.constantFrom('a', 'b.md', 'd0', 'é', '𝒳', '\uffee'),
  )
  .map(([folders, name]) => [...folders, name].join('/'));
const snapshot = fc
  .array(fc.tuple(path, fc.constantFrom('1', '2', '3')), { maxLength: 12 })
  .map((files) => new Map<string, string>(files));

describe('diffTrees', () => {
  it('returns changes that turn the old tree into the new one, each path once', async () => {
    await fc.assert(
      fc.asyncProperty(snapshot, snapshot, async (before, after) => {
        const trees = new Trees();
        const [oldId, newId] = [trees.add(before), trees.add(after)];
        const files = await trees.files(oldId);
        const paths: string[] = [];
        for await (const { path, kind, old, new: now } of diffTrees(oldId, newId, trees.read)) {
          paths.push(path);
          expect(files.get(path)).toBe(old?.id);
          expect(kind).toBe(!old ? 'added' : now ? 'modified' : 'deleted');
          if (now) files.set(path, now.id);
          else files.delete(path);
        }
        expect(files).toEqual(await trees.files(newId));
        expect(new Set(paths).size).toBe(paths.length);
        expect(paths).toEqual(paths.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });

  it('reads only folders that differ', async () => {
    const trees = new Trees();
    const files = new Map(Array.from({ length: 100 }, (_, i) => [`folder-${i}/page.md`, `${i}`]));
    const oldId = trees.add(files);
    const newId = trees.add(files.set('folder-7/page.md', 'new'));
    const changes = await collect(diffTrees(oldId, newId, trees.read));
    expect(changes.map(({ path, kind }) => ({ path, kind }))).toEqual([{ path: 'folder-7/page.md', kind: 'modified' }]);
    expect(trees.reads).toHaveLength(4);
  });

  it('returns a file that became a folder as a deletion and additions', async () => {
    const trees = new Trees();
    const oldId = trees.add(new Map([['a', '1']]));
    const newId = trees.add(new Map([['a/b', '1']]));
    const changes = await collect(diffTrees(oldId, newId, trees.read));
    expect(changes.map(({ path, kind }) => `${kind} ${path}`)).toEqual(['deleted a', 'added a/b']);
  });

  it('returns a change of mode only, and all files if one tree is missing', async () => {
    const trees = new Trees();
    const id = hashObject('blob', Buffer.from('x'));
    const oldId = trees.put([{ mode: '100644', name: 'a', id }]);
    const newId = trees.put([{ mode: '120000', name: 'a', id }]);
    const change = { path: 'a', kind: 'modified', old: { id, mode: '100644' }, new: { id, mode: '120000' } };
    expect(await collect(diffTrees(oldId, newId, trees.read))).toEqual([change]);
    expect(await collect(diffTrees(null, newId, trees.read))).toEqual([{ path: 'a', kind: 'added', new: change.new }]);
    expect(await collect(diffTrees(newId, null, trees.read))).toEqual([
      { path: 'a', kind: 'deleted', old: change.new },
    ]);
  });
});

describe('listTree', () => {
  it('stops at the limit of entries in a tree that expands to billions of paths', async () => {
    const trees = new Trees();
    let id = trees.add(new Map([['f', '']]));
    for (let level = 0; level < 10; level++) {
      const folder = id;
      id = trees.put(Array.from({ length: 10 }, (_, i) => ({ mode: '040000', name: `d${i}`, id: folder })));
    }
    const all = collect(listTree(id, trees.read, { maxEntries: 5000 }));
    await expect(all).rejects.toMatchObject({ code: 'too-many-entries', limit: 5000 });
  });

  it('stops at the limit of levels', async () => {
    const trees = new Trees();
    const id = trees.add(new Map([[`${'d/'.repeat(200)}f`, '']]));
    await expect(collect(listTree(id, trees.read))).rejects.toThrow(LimitExceededError);
    await expect(collect(diffTrees(null, id, trees.read))).rejects.toMatchObject({ code: 'tree-too-deep' });
    await expect(collect(listTree(id, trees.read, { maxDepth: 201 }))).resolves.toHaveLength(201);
  });
});
