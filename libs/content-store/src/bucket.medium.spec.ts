import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { encodePack, hashObject, serializeTree } from '@reunite/git-objects';
import type { GitObject, TreeEntry } from '@reunite/git-objects';
import { GitServer, S3Server } from '@reunite/testing';
import { commitEach, fetchPack, fetchSince } from '../test/packs.js';
import type { ContentStore } from './content-store.js';
import { openContentStore } from './open-content-store.js';

const git = new GitServer();
let server: S3Server;
let store: ContentStore;

beforeAll(async () => {
  server = await S3Server.start();
  Object.assign(process.env, server.environment);
});
afterAll(async () => {
  await server.stop();
  git.remove();
});
beforeEach(() => {
  server.clear();
  store = openContentStore(server.url('content'));
});
afterEach(() => store.close());

const writes = () => server.requests.filter((request) => /^(?:PUT|POST|DELETE) /.test(request));

/** A pack with a snapshot of many files, in folders of 100. */
function packOfFiles(files: number): { readonly pack: Buffer; readonly commit: string } {
  const objects: GitObject[] = [];
  const add = (type: GitObject['type'], body: Buffer) => {
    objects.push({ type, body });
    return hashObject(type, body);
  };
  const folders: TreeEntry[] = [];
  for (let folder = 0; folder < files / 100; folder += 1) {
    const entries = Array.from({ length: 100 }, (_, page): TreeEntry => {
      const name = `${String(page).padStart(3, '0')}.md`;
      return { mode: '100644', name, id: add('blob', Buffer.from(`# Page ${page} of folder ${folder}\n`)) };
    });
    const name = String(folder).padStart(3, '0');
    folders.push({ mode: '040000', name, id: add('tree', serializeTree(entries)) });
  }
  const tree = add('tree', serializeTree(folders));
  const author = 'A <a@b.c> 1 +0000';
  const commit = add('commit', Buffer.from(`tree ${tree}\nauthor ${author}\ncommitter ${author}\n\nx\n`));
  return { pack: encodePack(objects).pack, commit };
}

describe('a content store in a bucket', () => {
  it('stores the first snapshot of 10,000 files with at most 10 writes', async () => {
    const { pack, commit } = packOfFiles(10_000);
    const { objects } = await store.repository('rep_1').ingestPack([pack], { commit });
    expect(objects).toBe(10_102);
    // The check of conditional writes, the pack and the index.
    expect(writes()).toHaveLength(4);
  });

  it('stores a change with two writes, and returns both snapshots in another process', async () => {
    const [first = '', second = ''] = commitEach(git, [{ 'a.md': 'a', 'docs/b.md': 'b' }, { 'docs/b.md': 'c' }]);
    await store.repository('rep_1').ingestPack([await fetchPack(git, { wants: [first] })], { commit: first });
    const before = writes().length;
    await store.repository('rep_1').ingestPack([await fetchSince(git, first, second)], { commit: second });
    expect(writes().length - before).toBe(2);
    const other = openContentStore(server.url('content'));
    for (const commit of [first, second]) {
      const repository = other.repository('rep_1');
      const { tree } = await repository.readCommit(commit);
      const ids: string[] = [];
      for await (const { id, mode, path } of repository.walk(tree)) {
        if (mode !== '040000') ids.push(`${id} ${path}`);
        await repository.read(id);
      }
      expect(ids.join('\n')).toBe(git.git('ls-tree', '-r', '--format=%(objectname) %(path)', commit));
    }
    expect(await other.repositories()).toEqual(['rep_1']);
    await other.close();
  });

  it('P4: loses no snapshot if several processes sync refs of one repository at once', async () => {
    const [base = ''] = commitEach(git, [{ 'base.md': 'base' }]);
    await store.repository('rep_1').ingestPack([await fetchPack(git, { wants: [base] })], { commit: base });
    const commits = commitEach(
      git,
      Array.from({ length: 6 }, (_, i) => ({ [`new/${i}.md`]: `${i}` })),
    );
    const stores = commits.map(() => openContentStore(server.url('content')));
    await Promise.all(
      commits.map(async (commit, i) => {
        const pack = await fetchSince(git, base, commit);
        const ingest = async (): Promise<unknown> =>
          stores[i]!.repository('rep_1')
            .ingestPack([pack], { commit })
            .catch((error: unknown) => {
              expect(error).toMatchObject({ code: 'store-busy' });
              return ingest();
            });
        await ingest();
      }),
    );
    for (const commit of commits) expect(await store.repository('rep_1').hasSnapshot(commit)).toBe(true);
    await Promise.all(stores.map((one) => one.close()));
  });

  it('removes a repository', async () => {
    const [commit = ''] = commitEach(git, [{ 'c.md': 'c' }]);
    const pack = await fetchPack(git, { wants: [commit] });
    await store.repository('rep_1').ingestPack([pack], { commit });
    await store.removeRepository('rep_1');
    expect(server.keys()).toEqual(['content/.conditional-write-check']);
    expect(await store.repository('rep_1').hasSnapshot(commit)).toBe(false);
    await store.repository('rep_1').ingestPack([pack], { commit });
    expect(await store.repository('rep_1').hasSnapshot(commit)).toBe(true);
  });
});
