import { afterAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GitServer } from '@reunite/testing';
import { commitEach, fetchPack, fetchSince } from '../test/packs.js';
import { TemporaryFolder } from '../test/temporary-folder.js';
import { openContentStore } from './open-content-store.js';
import { PackIndex } from './pack-index.js';
import { MAX_CHAIN } from './ingest-draft.js';

const ROUNDS = 100;
const git = new GitServer();
const folder = new TemporaryFolder();
const page = (edits: number) =>
  `# Changelog\n\n${'A line that makes the page worth a delta, as every page is.\n'.repeat(40)}${Array.from({ length: edits }, (_, i) => `Edit ${i}\n`).join('')}`;

afterAll(() => {
  git.remove();
  folder.remove();
});

describe('a page edited and synced a hundred times', () => {
  it('stays readable in every snapshot during concurrent reads, with bounded delta chains and few index files', async () => {
    const commits = commitEach(
      git,
      Array.from({ length: ROUNDS }, (_, i) => ({ 'docs/changelog.md': page(i), 'docs/a.md': 'a' })),
    );
    const [writer, reader] = [
      openContentStore(pathToFileURL(folder.path)),
      openContentStore(pathToFileURL(folder.path)),
    ];
    const read = async (round: number) => {
      const repository = reader.repository('rep_1');
      const { tree } = await repository.readCommit(commits[round]!);
      const entry = await repository.readPath(tree, 'docs/changelog.md');
      expect((await repository.read(entry!.id)).body.toString()).toBe(page(round));
    };
    const reads: Promise<void>[] = [];
    for (const [round, commit] of commits.entries()) {
      const pack =
        round === 0 ? await fetchPack(git, { wants: [commit] }) : await fetchSince(git, commits[round - 1]!, commit);
      await writer.repository('rep_1').ingestPack([pack], { commit });
      for (const back of [0, 1, Math.floor(round / 2), round]) if (back <= round) reads.push(read(round - back));
    }
    await Promise.all(reads);
    const names = readdirSync(join(folder.path, 'rep_1/index'));
    expect(names.length).toBeLessThanOrEqual(34);
    const depths = names.flatMap((name) =>
      [...new PackIndex(readFileSync(join(folder.path, 'rep_1/index', name))).objects()].map((o) => o.depth),
    );
    expect(Math.max(...depths)).toBe(MAX_CHAIN);
    const fresh = openContentStore(pathToFileURL(folder.path), { cacheBytes: 0 });
    for (let round = 0; round < ROUNDS; round += 9) await read(round);
    for (const commit of commits) expect(await fresh.repository('rep_1').hasSnapshot(commit)).toBe(true);
    await Promise.all([writer, reader, fresh].map((store) => store.close()));
  });
});

describe('several processes that sync refs of one repository at once', () => {
  it('lose no object while the index files are merged', async () => {
    const base = git.git('rev-parse', 'main');
    const commits = commitEach(
      git,
      Array.from({ length: 40 }, (_, i) => ({ 'docs/b.md': `${page(3)}${i}`, [`new/${i}.md`]: `${i}` })),
    );
    const packs = new Map<string, Buffer>();
    for (const commit of commits) packs.set(commit, await fetchSince(git, base, commit));
    const stores = [1, 2, 3].map(() => openContentStore(pathToFileURL(folder.path)));
    await stores[0]!.repository('rep_2').ingestPack([await fetchPack(git, { wants: [base] })], { commit: base });
    const queue = [...packs];
    const work = stores.map(async (store) => {
      for (let next = queue.pop(); next; next = queue.pop()) {
        const [commit, pack] = next;
        await store
          .repository('rep_2')
          .ingestPack([pack], { commit })
          .catch((error: unknown) => {
            expect(error).toMatchObject({ code: 'store-busy', retryable: true });
            queue.push([commit, pack]);
          });
      }
    });
    await Promise.all(work);
    const reader = stores[1]!.repository('rep_2');
    for (const commit of commits) {
      expect(await reader.hasSnapshot(commit)).toBe(true);
      const { tree } = await reader.readCommit(commit);
      for await (const { id } of reader.walk(tree)) await reader.read(id);
    }
    expect(readdirSync(join(folder.path, 'rep_2/index')).length).toBeLessThan(33);
    await Promise.all(stores.map((store) => store.close()));
  });
});
