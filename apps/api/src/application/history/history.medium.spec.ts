import { on } from 'node:events';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { GitRefEntity } from '@reunite/repositories';
import { encodePack, hashObject, serializeTree } from '@reunite/git-objects';
import type { TreeEntry } from '@reunite/git-objects';
import { fromBuffer } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { seed } from '../../../test/seed.js';
import { useApi } from '../../../test/use-api.js';
import { walkPages } from '../../../test/walk-pages.js';

type Type = 'blob' | 'tree' | 'commit';

/** Reads an archive of plain files. yauzl rejects names that lead out of the folder. */
async function unzipped(bytes: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const zip: ZipFile = await promisify((done: (error: Error | null, file: ZipFile) => void) =>
    fromBuffer(bytes, { lazyEntries: true }, done),
  )();
  const entries = on(zip, 'entry', { close: ['end'] });
  zip.readEntry();
  for await (const [entry] of entries as AsyncIterable<[Entry]>) {
    expect(entry.externalFileAttributes >>> 16).toBe(0o100644);
    files[entry.fileName] = await text(await promisify(zip.openReadStream.bind(zip, entry))());
    zip.readEntry();
  }
  return files;
}

describe('the history of a project', () => {
  const api = useApi();
  let at: string;
  let first: string;
  let second: string;

  beforeAll(async () => {
    const objects: { type: Type; body: Buffer }[] = [];
    const put = (type: Type, body: Buffer | string) => {
      objects.push({ type, body: Buffer.from(body) });
      return hashObject(type, Buffer.from(body));
    };
    const tree = (entries: readonly TreeEntry[]) => put('tree', serializeTree(entries));
    const file = (name: string, text: string | Buffer): TreeEntry => ({
      ...{ mode: '100644', name, id: put('blob', text) },
    });
    const commit = (docs: readonly TreeEntry[], parent: string) => {
      const root = tree([{ mode: '040000', name: 'docs', id: tree(docs) }, file('private.txt', 'not in the project')]);
      const who = 'Ada <ada@example.com> 1700000000 +0000';
      return { root, id: put('commit', `tree ${root}\n${parent}author ${who}\ncommitter ${who}\n\nChange\n`) };
    };
    const same = file('same.md', '# Same\n');
    const old = commit([file('a.md', 'one\ntwo\n'), file('gone.md', 'Gone\n'), same], '');
    const link: TreeEntry = { mode: '120000', name: 'link', id: put('blob', '../../etc/passwd') };
    const evil = file('..\\..\\evil.md', 'Evil\n');
    const entries = [evil, file('a.md', 'one\n2\n'), link, file('logo.png', Buffer.from([1, 0, 2])), same];
    const now = commit(entries, `parent ${old.id}\n`);
    [first, second] = [old.id, now.id];
    const acme = await seed(api.resources.dataSource, 'org_acme', now.root);
    const store = api.resources.content.repository(acme.repositoryId);
    await store.ingestPack([encodePack(objects).pack], { commit: first });
    await store.ingestPack([encodePack(objects).pack], { commit: second });
    const { repositoryId } = acme;
    await api.resources.dataSource.manager.update(GitRefEntity, { repositoryId }, { syncedCommit: second });
    at = `/v1/projects/${acme.projectId}`;
  });

  it('lists the files that differ from the parent below the root folder, in pages', async () => {
    const page = await api.json('GET', `${at}/diff?limit=2`);
    const { from, to, items, endCursor } = page as { from: string; to: string; items: object[]; endCursor: string };
    expect([from, to]).toEqual([first, second]);
    const rest = await api.json('GET', `${at}/diff?limit=10&after=${endCursor}`);
    const listed = [...items, ...(rest['items'] as object[])];
    expect(listed).toMatchObject([
      { path: '..\\..\\evil.md', change: 'added', bytesBefore: null, bytesAfter: 5 },
      { path: 'a.md', change: 'modified', bytesBefore: 8, bytesAfter: 6 },
      { path: 'gone.md', change: 'removed', bytesBefore: 5, bytesAfter: null },
      { path: 'link', change: 'added', kind: 'symlink' },
      { path: 'logo.png', change: 'added' },
    ]);
    expect(rest['endCursor']).toBeNull();
    expect(await walkPages(api, `${at}/diff?limit=2`)).toEqual({ forward: listed, backward: listed });
  });

  it.each([
    ['a.md', { patch: '@@ -1,2 +1,2 @@\n one\n-two\n+2', patchMissing: null }],
    ['gone.md', { change: 'removed', patch: '@@ -1,1 +0,0 @@\n-Gone' }],
    ['logo.png', { patch: null, patchMissing: 'binary' }],
    ['same.md', { change: 'unchanged', patchMissing: 'unchanged' }],
  ])('returns the difference of %s', async (path, expected) => {
    expect(await api.json('GET', `${at}/diff/file?path=${path}&from=${first}`)).toMatchObject(expected);
  });

  it('attack: reads no commit that is neither stored nor on the branch', async () => {
    const foreign = 'f'.repeat(40);
    await api.work(() => ({ tree: null }), ['fetch-snapshot', 'fetchSnapshot']);
    expect(await api.json('GET', `${at}/diff?to=${foreign}`)).toMatchObject({ status: 404 });
    const after = Buffer.from(`2-25-${foreign}`).toString('base64url');
    expect(await api.json('GET', `${at}/content/versions?path=a.md&after=${after}`)).toMatchObject({ status: 400 });
  });

  it('streams the root folder as an archive, whose names and links lead out of no folder', async () => {
    const response = await api.call('GET', `${at}/archive`);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="Docs-[\w-]+\.zip"$/);
    const files = await unzipped(Buffer.from(await response.arrayBuffer()));
    expect(files).toMatchObject({ '.._.._evil.md': 'Evil\n', 'a.md': 'one\n2\n', link: '../../etc/passwd' });
    expect(Object.keys(files)).toHaveLength(5);
  });
});
