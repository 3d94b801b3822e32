import { describe, expect, it } from '@jest/globals';
import { hashObject, parseTree, serializeTree } from '@reunite/git-objects';
import type { TreeEntry, TreeMode } from '@reunite/git-objects';
import { pathsChangedBetween, planCommit } from './commit-plan.js';
import type { RequestedChange } from './commit-request.js';

const trees = new Map<string, TreeEntry[]>();
const blob = (text: string) => hashObject('blob', Buffer.from(text));
const tree = (...entries: TreeEntry[]) => {
  const body = serializeTree(entries);
  trees.set(hashObject('tree', body), parseTree(body));
  return hashObject('tree', body);
};
const at = (name: string, text: string, mode: TreeMode = '100644'): TreeEntry => ({ mode, name, id: blob(text) });
const folder = (name: string, ...entries: TreeEntry[]): TreeEntry => ({ mode: '040000', name, id: tree(...entries) });

const objects = {
  readTree: (id: string) => Promise.resolve(trees.get(id) ?? []),
  readPath: (id: string, path: string) => {
    let entry: TreeEntry | undefined;
    let entries = trees.get(id);
    for (const name of path.split('/')) {
      entry = entries?.find((one) => one.name === name);
      entries = entry?.mode === '040000' ? trees.get(entry.id) : undefined;
    }
    return Promise.resolve(entry ?? null);
  },
};
const guides = folder('guides', at('a.md', 'A'), at('run.sh', 'run', '100755'), at('link', 'a.md', '120000'));
const base = tree(guides, at('index.md', 'Home'), { mode: '160000', name: 'sub', id: 'b'.repeat(40) });

const change = (action: RequestedChange['action'], path: string, more: Partial<RequestedChange> = {}) => ({
  ...{ action, path, from: null, content: null, executable: null, upload: null },
  ...more,
});
const write = (path: string, text: string, executable: boolean | null = null) =>
  change('write', path, { content: Buffer.from(text), executable });
const plan = (...changes: RequestedChange[]) => planCommit(objects, base, changes);

describe('the plan of a commit', () => {
  it('adds, changes, deletes and renames files, and keeps their modes', async () => {
    const planned = await plan(
      write('index.md', 'New home'),
      write('guides/run.sh', 'run!'),
      change('rename', 'b/a.md', { from: 'guides/a.md' }),
      change('delete', 'guides/link'),
      write('tool', 'x', true),
    );
    expect(planned.tree).toBe(
      tree(
        folder('b', at('a.md', 'A')),
        folder('guides', at('run.sh', 'run!', '100755')),
        at('index.md', 'New home'),
        { mode: '160000', name: 'sub', id: 'b'.repeat(40) },
        at('tool', 'x', '100755'),
      ),
    );
    expect([...planned.removals].sort()).toEqual(['guides/a.md', 'guides/link']);
    expect(planned.writes.find(({ path }) => path === 'b/a.md')).toMatchObject({ id: blob('A'), content: null });
  });

  it('swaps two names, and changes a mode alone', async () => {
    const around = await plan(
      change('rename', 'index.md', { from: 'guides/a.md' }),
      change('rename', 'guides/a.md', { from: 'index.md' }),
    );
    expect(around.removals).toEqual([]);
    expect((await plan(change('chmod', 'index.md', { executable: true }))).writes).toEqual([
      { path: 'index.md', mode: '100755', id: blob('Home'), content: null, upload: null },
    ]);
    await plan(change('rename', 'index.md', { from: 'guides/a.md' }), change('delete', 'index.md'));
  });

  it('creates a file at a path that another change renamed or deleted', async () => {
    const renamed = await plan(
      change('rename', 'guides/start.sh', { from: 'guides/run.sh' }),
      write('guides/run.sh', 'new'),
      change('delete', 'guides/link'),
      write('guides/link', 'a regular file'),
    );
    expect(renamed.tree).toBe(
      tree(
        folder(
          'guides',
          at('a.md', 'A'),
          at('link', 'a regular file'),
          at('run.sh', 'new'),
          at('start.sh', 'run', '100755'),
        ),
        at('index.md', 'Home'),
        { mode: '160000', name: 'sub', id: 'b'.repeat(40) },
      ),
    );
    expect(renamed).toMatchObject({ removals: [], changesModes: true });
    const asBefore = await plan(change('delete', 'index.md'), write('index.md', 'new'));
    expect(asBefore).toMatchObject({ removals: [], changesModes: false, writes: [{ mode: '100644' }] });
    expect([...renamed.paths].sort()).toEqual(['guides/link', 'guides/run.sh', 'guides/start.sh']);
  });

  it.each<[string, RequestedChange[]]>([
    ['there is no file', [change('delete', 'gone.md')]],
    ['there is no file nowhere.md', [change('rename', 'x.md', { from: 'nowhere.md' })]],
    ['it is a folder', [change('delete', 'guides')]],
    ['it is a folder', [write('guides', 'x')]],
    ['would be both a file and a folder', [write('index.md/x.md', 'x')]],
    ['would be both a file and a folder', [write('n', 'x'), write('n/x.md', 'x')]],
    ['a link or a submodule', [write('guides/link', '/etc/passwd')]],
    ['a link or a submodule', [change('rename', 'sub2', { from: 'sub' })]],
    ['would be both a file and a folder', [write('guides/link/x.md', 'x')]],
    ['a file of this name already exists', [change('rename', 'index.md', { from: 'guides/a.md' })]],
    ['it is changed twice', [write('index.md', '1'), write('index.md', '2')]],
    ['it is changed twice', [write('index.md', '1'), change('delete', 'index.md')]],
    ['it is changed twice', [change('rename', 'x', { from: 'index.md' }), change('rename', 'y', { from: 'index.md' })]],
    ['it is changed twice', [write('index.md', '1'), change('rename', 'x', { from: 'index.md' })]],
    [
      'it is changed twice',
      [change('chmod', 'index.md', { executable: true }), change('rename', 'x', { from: 'index.md' })],
    ],
    [
      'it is changed twice',
      [change('rename', 'x', { from: 'index.md' }), change('chmod', 'index.md', { executable: true })],
    ],
    ['it is changed twice', [change('delete', 'index.md'), write('index.md', '1'), write('index.md', '2')]],
    ['is equivalent to .git', [write('a/.GIT/hooks/x', 'x')]],
    ['is equivalent to .git', [write('a/git~1/x', 'x')]],
    ['change nothing', [write('index.md', 'Home')]],
  ])('rejects changes: %s', async (reason, changes) => {
    await expect(plan(...changes)).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining(reason),
    });
  });

  it('returns those of its paths that differ between two trees', async () => {
    const after = tree(folder('guides', at('a.md', 'Other')), folder('index.md', at('x', '1')));
    const between = (...paths: string[]) => pathsChangedBetween(objects, [base, after], new Set(paths), 10);
    expect(await between('guides/a.md', 'guides/new.md', 'index.md')).toEqual(['guides/a.md', 'index.md']);
    expect(await between('guides/new.md')).toEqual([]);
    expect(await between('index.md/x/y')).toEqual(['index.md/x/y']);
  });
});
