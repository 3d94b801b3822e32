import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { openContentStore } from '@reunite/content-store';
import type { ContentStore } from '@reunite/content-store';
import { GitServer } from '@reunite/testing';
import { syncContent } from './content-sync.js';
import { ProtocolV2Git } from './remote-git.js';

/** After each push, the store has the entries that `git ls-tree` lists. */
describe('a content sync follows git', () => {
  let git: GitServer;
  let folder: string;
  let store: ContentStore;
  let synced: string[];
  const remote = new ProtocolV2Git({
    listRefs: async (request) => ({ body: await git.uploadPack(request), confirmed: Promise.resolve(true) }),
    fetch: async (request, read) => read(Readable.from([await git.uploadPack(request)])),
  });

  beforeEach(() => {
    git = new GitServer();
    folder = mkdtempSync(join(tmpdir(), 'git-cases-'));
    store = openContentStore(pathToFileURL(folder));
    synced = [];
  });
  afterEach(async () => {
    await store.close();
    git.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Syncs a branch, and compares it with git. @returns the lines that git lists */
  async function sync(branch = 'main'): Promise<string[]> {
    const objects = store.repository('rep_1');
    const request = { refName: `refs/heads/${branch}`, desiredCommit: null, have: synced };
    const outcome = await syncContent(remote, objects, request);
    const commit = git.head(branch);
    const tree = git.git('rev-parse', `${commit}^{tree}`);
    expect(outcome).toEqual({ kind: 'synced', commit, tree });
    synced.unshift(commit);
    const actual: string[] = [];
    for await (const { path, mode, id } of objects.walk(tree)) {
      actual.push(`${mode} ${id} ${path}`);
      // Reading compares the content with the id.
      if (mode !== '160000') await objects.read(id);
    }
    const listed = git.run(['ls-tree', '-r', '-t', '-z', commit]);
    const expected = splitAt(listed, 0).map((line) => {
      const [mode = '', , id = ''] = line.toString('latin1').split(/[ \t]/);
      return `${mode} ${id} ${splitAt(line.subarray(line.indexOf('\t') + 1), 0x2f)
        .map(textOf)
        .join('/')}`;
    });
    expect(actual).toEqual(expected);
    return expected;
  }

  /** Runs commands of `git fast-import` in a new commit of `main`. */
  function commit(commands: readonly (string | Buffer)[], options: { readonly from?: readonly string[] } = {}): void {
    const parents = options.from ?? (git.head('main') === '0'.repeat(40) ? [] : [git.head('main')]);
    const head = ['commit refs/heads/main', 'committer Ada <ada@example.com> 1700000000 +0000', 'data 1', 'x'];
    if (parents.length === 0) head.unshift('reset refs/heads/main');
    for (const [i, parent] of parents.entries()) head.push(`${i === 0 ? 'from' : 'merge'} ${parent}`);
    const lines = [...head, ...commands].map((line) => Buffer.concat([Buffer.from(line), Buffer.from('\n')]));
    git.run(['fast-import', '--quiet', '--force'], Buffer.concat(lines));
  }
  const file = (path: string | Buffer, content: string | Buffer, mode = '100644') => [
    Buffer.concat([Buffer.from(`M ${mode} inline `), Buffer.from(path)]),
    Buffer.concat([Buffer.from(`data ${Buffer.byteLength(content)}\n`), Buffer.from(content)]),
  ];

  it('through a force-push, a return to an older commit, and unrelated histories', async () => {
    const first = git.commit('main', { 'index.md': 'first', 'docs/a.md': 'a' });
    await sync();
    git.commit('main', { 'index.md': 'second' }, first);
    await sync();
    git.commit('main', { 'index.md': 'forced' }, first);
    await sync();
    git.git('update-ref', 'refs/heads/main', first);
    await sync();
    git.commit('main', { 'other.md': 'unrelated' });
    git.prune();
    await sync();
  });

  it('through a merge of unrelated histories with many files', async () => {
    const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`part-${i % 40}/${i}.md`, `Page ${i}`]));
    const one = git.commit('main', { 'index.md': 'one' });
    await sync();
    const other = git.commit('other', many);
    const ours = Object.entries(many).flatMap(([path, content]) => file(path, content));
    commit(ours, { from: [one, other] });
    expect(await sync()).toHaveLength(2_041);
  });

  it('through renames of a folder and of a file in case only, and names that differ in case only', async () => {
    git.push('main', { 'docs/a.md': 'a', 'docs/b/c.md': 'c', 'Readme.md': 'r' });
    await sync();
    commit(['R docs guides']);
    expect(await sync()).toContainEqual(expect.stringContaining(' guides/b/c.md'));
    commit(['R Readme.md README.md', 'R guides Guides']);
    await sync();
    commit([...file('readme.md', 'lower'), ...file('guides/a.md', 'lower')]);
    expect((await sync()).filter((line) => / readme\.md$/i.test(line))).toHaveLength(2);
  });

  it('through changes of mode, a file that becomes a folder and back, a symbolic link and a submodule', async () => {
    const first = git.push('main', { 'a.sh': 'a', page: 'file' });
    await sync();
    commit(file('a.sh', 'a', '100755'));
    expect(await sync()).toContainEqual(expect.stringMatching(/^100755 .* a\.sh$/));
    commit(['D page', ...file('page/index.md', 'in a folder')]);
    await sync();
    commit(['D page', ...file('page', 'index.md', '120000')]);
    await sync();
    commit([`M 160000 ${first.after} page`]);
    expect(await sync()).toContainEqual(`160000 ${first.after} page`);
    commit(['D page', ...file('page', 'file')]);
    await sync();
  });

  it('through the deletion of the last file, and of the branch of an empty repository', async () => {
    const objects = store.repository('rep_1');
    const request = { refName: 'refs/heads/main', desiredCommit: null, have: [] };
    expect(await syncContent(remote, objects, request)).toEqual({ kind: 'deleted' });
    git.push('main', { 'docs/only.md': 'only' });
    await sync();
    git.push('main', { 'docs/only.md': null });
    expect(await sync()).toEqual([]);
    git.delete('main');
    expect(await syncContent(remote, objects, request)).toEqual({ kind: 'deleted' });
  });

  it('through names that are not UTF-8 or hold odd characters, and binary and empty content', async () => {
    const latin1 = Buffer.from('caf\xe9/r\xe9sum\xe9.md', 'latin1');
    const binary = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7_919) % 256));
    commit([...file(latin1, Buffer.from('d\xe9j\xe0', 'latin1')), ...file('img/a.bin', binary), ...file('empty', '')]);
    await sync();
    const nfd = 'e\u0301.md';
    commit([...file(nfd, 'NFD'), ...file('é.md', 'NFC'), ...file(' a\tb ', 'spaces'), ...file('日本/ゴ', 'wide')]);
    await sync();
    commit([Buffer.concat([Buffer.from('D '), latin1])]);
    await sync();
  });

  it('through odd modes that old tools wrote', async () => {
    const blob = git.run(['hash-object', '-w', '--stdin'], '# Hi\n').toString().trim();
    const modes = ['100640', '100600', '100700', '100775', '120664'];
    const tree = git
      .run(['mktree'], modes.map((mode) => `${mode} blob ${blob}\t${mode}.md\n`).join(''))
      .toString()
      .trim();
    git.git('update-ref', 'refs/heads/main', git.git('commit-tree', tree, '-m', 'odd'));
    const listed = (await sync()).map((line) => line.slice(0, 6));
    expect(listed).toEqual(['100644', '100644', '100755', '100755', '120000']);
  });

  it('if a branch and a folder have one name, and a branch takes the place of a folder of branches', async () => {
    git.push('main', { 'docs/a.md': 'a' });
    await sync();
    git.push('docs', { 'docs/b.md': 'b' });
    await sync('docs');
    git.delete('docs');
    git.push('docs/next', { 'docs/c.md': 'c' });
    await sync('docs/next');
  });
});

function splitAt(bytes: Buffer, separator: number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(separator, at);
    parts.push(bytes.subarray(at, end < 0 ? bytes.length : end));
    at = end < 0 ? bytes.length : end + 1;
  }
  return parts;
}

/** A name that is not UTF-8 is read as Latin-1. */
function textOf(name: Buffer): string {
  const text = name.toString();
  return Buffer.from(text).equals(name) ? text : name.toString('latin1');
}
