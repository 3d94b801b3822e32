import { describe, expect, it } from '@jest/globals';
import { EMPTY_TREE_ID, hashObject, serializeTree } from '@reunite/git-objects';
import type { GitObject, ObjectType, TreeEntry, TreeMode } from '@reunite/git-objects';
import { checkSnapshot } from './snapshot-check.js';

/** Objects in memory, some of them known to be whole. */
class Known {
  readonly reads: string[] = [];
  private readonly objects = new Map<string, GitObject & { complete: boolean }>();

  find(id: string) {
    return this.objects.get(id) ?? null;
  }

  read(id: string) {
    this.reads.push(id);
    return Promise.resolve(this.objects.get(id)!.body);
  }

  add(type: ObjectType, text: string | Buffer, complete = false): string {
    const body = Buffer.from(text);
    const id = hashObject(type, body);
    this.objects.set(id, { type, body, complete });
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

  it('P4: takes a commit whose trees and blobs are all there, submodules aside', async () => {
    const known = new Known();
    const file = known.add('blob', 'text');
    const folder = known.tree({ file: ['100755', file], link: ['120000', file] });
    const root = known.tree({ a: ['040000', folder], b: ['040000', folder], sub: ['160000', gone] });
    const commit = known.commit(root);
    expect(await checkSnapshot(commit, known)).toEqual({ tree: root, complete: [commit, root, folder] });
  });

  it('P4: refuses a commit, tree, folder or file that is not there, and says which', async () => {
    const known = new Known();
    const missing = (commit: string) => checkSnapshot(commit, known);
    await expect(missing(gone)).rejects.toMatchObject({ code: 'incomplete-snapshot', missing: gone });
    await expect(missing(known.commit(gone))).rejects.toThrow('its tree');
    const folder = known.tree({ 'page.md': ['100644', gone] });
    await expect(missing(known.commit(known.tree({ docs: ['040000', folder] })))).rejects.toThrow('file docs/page.md');
    await expect(missing(known.commit(known.tree({ docs: ['040000', gone] })))).rejects.toThrow('folder docs/');
  });

  it('does not walk again what is known to be whole', async () => {
    const known = new Known();
    const folder = known.tree({ 'not-looked-at': ['100644', gone] }, true);
    const root = known.tree({ docs: ['040000', folder] });
    const commit = known.commit(root);
    await expect(checkSnapshot(commit, known)).resolves.toMatchObject({ tree: root });
    expect(known.reads).not.toContain(folder);
  });

  it('refuses an object that is not what its entry says', async () => {
    const known = new Known();
    const file = known.add('blob', 'text');
    const folder = known.tree({});
    const refused = { code: 'malformed-object' };
    await expect(checkSnapshot(file, known)).rejects.toMatchObject(refused);
    await expect(checkSnapshot(known.commit(file), known)).rejects.toMatchObject(refused);
    await expect(checkSnapshot(known.commit(known.tree({ a: ['040000', file] })), known)).rejects.toMatchObject(
      refused,
    );
    await expect(checkSnapshot(known.commit(known.tree({ a: ['100644', folder] })), known)).rejects.toMatchObject(
      refused,
    );
  });

  it('knows the empty tree without holding it', async () => {
    const known = new Known();
    await expect(checkSnapshot(known.commit(EMPTY_TREE_ID), known)).resolves.toMatchObject({ tree: EMPTY_TREE_ID });
  });
});
