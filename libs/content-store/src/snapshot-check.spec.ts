import { describe, expect, it } from '@jest/globals';
import { EMPTY_TREE_ID, hashObject, serializeTree } from '@reunite/git-objects';
import type { GitObject, ObjectType, TreeEntry, TreeMode } from '@reunite/git-objects';
import { checkSnapshot } from './snapshot-check.js';

/** Objects in memory, some of them marked as complete. */
class TestObjects {
  readonly reads: string[] = [];
  private readonly byId = new Map<string, GitObject & { complete: boolean }>();

  find(id: string) {
    return this.byId.get(id) ?? null;
  }

  read(id: string) {
    this.reads.push(id);
    return Promise.resolve(this.byId.get(id)!.body);
  }

  add(type: ObjectType, text: string | Buffer, complete = false): string {
    const body = Buffer.from(text);
    const id = hashObject(type, body);
    this.byId.set(id, { type, body, complete });
    return id;
  }

  tree(entries: Record<string, [TreeMode, string]>, complete = false): string {
    const list = Object.entries(entries).map(([name, [mode, id]]): TreeEntry => ({ name, mode, id }));
    return this.add('tree', serializeTree(list), complete);
  }

  commit(tree: string): string {
    return this.add('commit', `tree ${tree}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\n`);
  }
}

describe('checkSnapshot', () => {
  const gone = '1'.repeat(40);

  it('P4: accepts a commit with all its trees and blobs, and ignores submodules', async () => {
    const objects = new TestObjects();
    const file = objects.add('blob', 'text');
    const folder = objects.tree({ file: ['100755', file], link: ['120000', file] });
    const root = objects.tree({ a: ['040000', folder], b: ['040000', folder], sub: ['160000', gone] });
    const commit = objects.commit(root);
    expect(await checkSnapshot(commit, objects)).toEqual({ tree: root, complete: [commit, root, folder] });
  });

  it('P4: rejects a missing commit, tree, folder or file, and names it', async () => {
    const objects = new TestObjects();
    const missing = (commit: string) => checkSnapshot(commit, objects);
    await expect(missing(gone)).rejects.toMatchObject({ code: 'incomplete-snapshot', missing: gone });
    await expect(missing(objects.commit(gone))).rejects.toThrow('its tree');
    const folder = objects.tree({ 'page.md': ['100644', gone] });
    await expect(missing(objects.commit(objects.tree({ docs: ['040000', folder] })))).rejects.toThrow(
      'file docs/page.md',
    );
    await expect(missing(objects.commit(objects.tree({ docs: ['040000', gone] })))).rejects.toThrow('folder docs/');
  });

  it('does not read a tree that is marked as complete', async () => {
    const objects = new TestObjects();
    const folder = objects.tree({ 'not-looked-at': ['100644', gone] }, true);
    const root = objects.tree({ docs: ['040000', folder] });
    const commit = objects.commit(root);
    await expect(checkSnapshot(commit, objects)).resolves.toMatchObject({ tree: root });
    expect(objects.reads).not.toContain(folder);
  });

  it('rejects an object that has another type than its entry', async () => {
    const objects = new TestObjects();
    const file = objects.add('blob', 'text');
    const folder = objects.tree({});
    const rejection = { code: 'malformed-object' };
    await expect(checkSnapshot(file, objects)).rejects.toMatchObject(rejection);
    await expect(checkSnapshot(objects.commit(file), objects)).rejects.toMatchObject(rejection);
    await expect(checkSnapshot(objects.commit(objects.tree({ a: ['040000', file] })), objects)).rejects.toMatchObject(
      rejection,
    );
    await expect(checkSnapshot(objects.commit(objects.tree({ a: ['100644', folder] })), objects)).rejects.toMatchObject(
      rejection,
    );
  });

  it('accepts the empty tree although it is not stored', async () => {
    const objects = new TestObjects();
    await expect(checkSnapshot(objects.commit(EMPTY_TREE_ID), objects)).resolves.toMatchObject({ tree: EMPTY_TREE_ID });
  });
});
