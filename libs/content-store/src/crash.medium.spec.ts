import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GitServer } from '@reunite/testing';
import { commitEach, fetchPack, fetchSince } from '../test/packs.js';
import { TemporaryFolder } from '../test/temporary-folder.js';
import { FolderStorage } from '@reunite/blob-storage';
import { createObjectCache } from './object-cache.js';
import { PackedRepository } from './packed-repository.js';

const git = new GitServer();
let commits: string[];
let packs: Buffer[];

beforeAll(async () => {
  const page = 'A line that makes the page worth a delta.\n'.repeat(50);
  commits = commitEach(
    git,
    Array.from({ length: 36 }, (_, i) => ({ 'docs/a.md': `${page}${i}`, [`docs/${i}.md`]: `${i}` })),
  );
  packs = [await fetchPack(git, { wants: [commits[0]!] })];
  for (let i = 1; i < commits.length; i++) packs.push(await fetchSince(git, commits[i - 1]!, commits[i]!));
});
afterAll(() => git.remove());

/** Fails from before or after its n-th change on, like a killed process. */
class KilledStorage extends FolderStorage {
  private changes = 0;
  constructor(
    root: string,
    private readonly killedAt: number,
    private readonly after: boolean,
  ) {
    super(root);
  }

  override write(path: string, content: Buffer) {
    return this.change(() => super.write(path, content));
  }

  override writeFile(path: string, file: string) {
    return this.change(() => super.writeFile(path, file));
  }

  override create(path: string, content: Buffer) {
    return this.change(() => super.create(path, content));
  }

  override remove(path: string) {
    return this.change(() => super.remove(path));
  }

  private async change<T>(work: () => Promise<T>): Promise<T> {
    const number = ++this.changes;
    if (number > this.killedAt || (number === this.killedAt && !this.after)) throw new Error('killed');
    const result = await work();
    if (number === this.killedAt) throw new Error('killed');
    return result;
  }
}

const repositoryOn = (storage: FolderStorage) => new PackedRepository(storage, 'rep_1', createObjectCache(1 << 20));
async function expectWhole(repository: PackedRepository, commit: string): Promise<void> {
  const { tree } = await repository.readCommit(commit);
  for await (const { id, mode } of repository.walk(tree)) if (mode !== '040000') await repository.read(id);
  expect(await repository.hasSnapshot(commit)).toBe(true);
}

describe('an interrupted ingest', () => {
  // The 33rd ingest also merges the index files and removes the old ones, which makes it the longest to interrupt.
  it.each([1, 33])('leaves the repository unchanged, and repeating ingest %i succeeds', async (last) => {
    const before = new TemporaryFolder();
    const prepared = new FolderStorage(before.path);
    for (let i = 0; i < last; i++) await repositoryOn(prepared).ingestPack([packs[i]!], { commit: commits[i]! });
    await prepared.close();
    for (const after of [false, true]) {
      for (let killedAt = 1; killedAt <= 8; killedAt++) {
        const folder = new TemporaryFolder();
        cpSync(before.path, folder.path, { recursive: true });
        const storage = new FolderStorage(folder.path);
        const dying = new KilledStorage(folder.path, killedAt, after);
        const killed = repositoryOn(dying);
        await killed.ingestPack([packs[last]!], { commit: commits[last]! }).catch((error: unknown) => {
          expect(error).toMatchObject({ message: 'killed' });
        });
        await dying.close();
        const sut = repositoryOn(storage);
        await expectWhole(sut, commits[last - 1]!);
        if (await sut.hasSnapshot(commits[last]!)) await expectWhole(sut, commits[last]!);
        for (const i of [last, last + 1]) await sut.ingestPack([packs[i]!], { commit: commits[i]! });
        for (const i of [0, last - 1, last, last + 1]) await expectWhole(sut, commits[i]!);
        await storage.close();
        folder.remove();
      }
    }
    before.remove();
  });

  it('is published even if its index number was freed while it was delayed', async () => {
    const folder = new TemporaryFolder();
    const storage = new FolderStorage(folder.path);
    await repositoryOn(storage).ingestPack([packs[0]!], { commit: commits[0]! });
    const slow = new (class extends FolderStorage {
      override async create(path: string, content: Buffer) {
        // 33 concurrent ingests merge the index files, which frees the number that this ingest is about to use.
        for (let i = 1; i < 34; i++) await repositoryOn(storage).ingestPack([packs[i]!], { commit: commits[i]! });
        return super.create(path, content);
      }
    })(folder.path);
    const side = await fetchPack(git, { wants: [commits[35]!] });
    await repositoryOn(slow).ingestPack([side], { commit: commits[35]! });
    await expectWhole(repositoryOn(storage), commits[35]!);
    await expectWhole(repositoryOn(storage), commits[33]!);
    await Promise.all([slow.close(), storage.close()]);
    folder.remove();
  });

  it('leaves files that later ingests ignore', async () => {
    const folder = new TemporaryFolder();
    for (const path of ['.tmp', 'rep_1/packs', 'rep_1/index']) mkdirSync(join(folder.path, path), { recursive: true });
    writeFileSync(join(folder.path, '.tmp/half'), 'half of a pack');
    writeFileSync(join(folder.path, `rep_1/packs/${'1'.repeat(40)}.pack`), 'a pack that no index names');
    writeFileSync(join(folder.path, 'rep_1/index/0000000001.idx.tmp'), 'half of an index');
    const storage = new FolderStorage(folder.path);
    const sut = repositoryOn(storage);
    expect(await sut.has(commits[0]!)).toBe(false);
    await sut.ingestPack([packs[0]!], { commit: commits[0]! });
    await expectWhole(sut, commits[0]!);
    await storage.close();
    folder.remove();
  });
});
