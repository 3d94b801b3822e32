import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY_TREE_ID, hashObject } from './object.js';
import { parseTree, serializeTree } from './tree.js';
import type { TreeEntry } from './tree.js';
import { overlayTree } from './tree-overlay.js';

const trees = new Map<string, TreeEntry[]>();
const blob = (text: string) => hashObject('blob', Buffer.from(text));
const file = (text: string) => ({ mode: '100644', id: blob(text) }) as const;
const readTree = (id: string) => trees.get(id) ?? [];

/** Writes the folders of a set of files, as git does. */
function write(files: Readonly<Record<string, string>>): string {
  const names = new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''));
  const entries = [...names].map((name): TreeEntry => {
    const paths = Object.keys(files).filter((path) => path === name || path.startsWith(`${name}/`));
    if (paths.includes(name)) return { name, ...file(files[name] ?? '') };
    const below = Object.fromEntries(paths.map((path) => [path.slice(name.length + 1), files[path] ?? '']));
    return { name, mode: '040000', id: write(below) };
  });
  if (entries.length === 0) return EMPTY_TREE_ID;
  const body = serializeTree(entries);
  trees.set(hashObject('tree', body), parseTree(body));
  return hashObject('tree', body);
}

describe('overlayTree', () => {
  const folders = fc.constantFrom('', 'a/', 'a/b/', 'c/');
  const paths = fc.tuple(folders, fc.constantFrom('x.md', 'y.md', 'z.md')).map(([folder, name]) => folder + name);
  const contents = fc.dictionary(paths, fc.constantFrom('1', '2', '3'));

  it('returns the id of the tree with all changes', async () => {
    await fc.assert(
      fc.asyncProperty(contents, fc.dictionary(paths, fc.constantFrom('1', '4', null)), async (before, changes) => {
        const all: [string, string | null][] = Object.entries({ ...before, ...changes });
        const after = Object.fromEntries(all.flatMap(([path, text]) => (text === null ? [] : [[path, text]])));
        const overlay = new Map(
          Object.entries(changes).map(([path, text]) => [path, text === null ? null : file(text)]),
        );
        expect(await overlayTree(write(before), overlay, readTree)).toBe(write(after));
      }),
    );
  });

  it('replaces a file by a folder and a folder by a file if the old entry is removed', async () => {
    const asFolder = new Map([
      ['a', null],
      ['a/x.md', file('1')],
    ]);
    expect(await overlayTree(write({ a: '0' }), asFolder, readTree)).toBe(write({ 'a/x.md': '1' }));
    const asFile = new Map([
      ['a/x.md', null],
      ['a', file('0')],
    ]);
    expect(await overlayTree(write({ 'a/x.md': '1' }), asFile, readTree)).toBe(write({ a: '0' }));
  });

  it('rejects a path that would be a file and a folder, and names that git rejects', async () => {
    const tree = write({ a: '0', 'b/x.md': '1' });
    const put = (path: string) => overlayTree(tree, new Map([[path, file('2')]]), readTree);
    await expect(put('a/x.md')).rejects.toMatchObject({ code: 'tree-clash', path: 'a' });
    await expect(put('b')).rejects.toMatchObject({ code: 'tree-clash', path: 'b' });
    await expect(put('b/.GIT/hooks')).rejects.toThrow('.GIT');
  });
});
