import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { MissingDeltaBaseError } from '@reunite/git-objects';
import { GitServer } from '@reunite/testing';
import fc from 'fast-check';
import { MemoryStorage } from '../test/memory-storage.js';
import { commitEach, fetchPack, fetchSince } from '../test/packs.js';
import { IncompleteSnapshotError } from './incomplete-snapshot.error.js';
import { createObjectCache } from './object-cache.js';
import { PackedRepository } from './packed-repository.js';
import { RepositoryIndex } from './repository-index.js';
import { StoreBusyError } from './store-busy.error.js';

const HOUR_MS = 60 * 60 * 1_000;
const GRACE_MS = 24 * HOUR_MS;
/** Raise it by hand for a long run. */
const RUNS = Number(process.env.COLLECTION_RUNS ?? 60);
const PROCESSES = 3;
const REFS = ['main', 'topic'];

const git = new GitServer();
/** Packs of each commit, by the commit that the sync has (`''`: none). */
const packs = new Map<string, Buffer>();
let commits: string[];
let now = Date.UTC(2026, 0, 1);

beforeAll(async () => {
  const page = (edit: string) => `${'A line that makes the page worth a delta.\n'.repeat(30)}${edit}`;
  const others = { 'docs/b.md': page('b'), 'img/c.txt': 'c' };
  commits = commitEach(git, [
    { 'docs/a.md': page('1'), ...others },
    { 'docs/a.md': page('2') },
    { 'docs/a.md': page('3'), 'docs/b.md': page('b, changed') },
    { 'docs/a.md': null, 'docs/b.md': null, 'img/c.txt': null, 'new.md': 'new' },
    { 'docs/a.md': page('1'), ...others, 'new.md': null },
  ]);
  for (const want of commits) {
    packs.set(` ${want}`, await fetchPack(git, { wants: [want] }));
    for (const have of commits) if (have !== want) packs.set(`${have} ${want}`, await fetchSince(git, have, want));
  }
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterAll(() => {
  jest.restoreAllMocks();
  git.remove();
});

/** A repository with the processes that use it, and the rows of a database. */
class TestRepository {
  readonly refs = new Map<string, string>();
  readonly builds: string[] = [];
  private readonly storage = new MemoryStorage();
  private readonly processes: PackedRepository[];

  constructor(private readonly step?: (operation: string) => Promise<unknown>) {
    this.processes = Array.from({ length: PROCESSES }, (_, process) =>
      repositoryOn(new MemoryStorage(this.storage.blobs, step && ((operation) => step(`${process}: ${operation}`)))),
    );
  }

  /** Stores a commit as a sync does, and records it. */
  async sync(process: number, ref: string, commit: string): Promise<void> {
    const objects = this.processes[process]!;
    if (!(await objects.hasSnapshot(commit))) await this.fetch(objects, commit);
    // A collection may read the roots, and end, before the result is recorded.
    await this.step?.(`${process}: record`);
    this.refs.set(ref, commit);
  }

  /** Reads all files of a ref. Until it ends, its commit is a root. */
  async build(process: number, ref: string): Promise<void> {
    const commit = this.refs.get(ref);
    if (commit === undefined) return;
    this.builds.push(commit);
    await readAll(this.processes[process]!, commit);
    this.builds.splice(this.builds.indexOf(commit), 1);
  }

  collect(process: number) {
    const roots = [...this.refs.values(), ...this.builds];
    return this.processes[process]!.collect({ before: new Date(now - GRACE_MS), roots });
  }

  /** Collects until nothing is left to do, which takes few runs. */
  async collectAll(): Promise<void> {
    for (let run = 0; run < 10; run += 1) {
      now += GRACE_MS + HOUR_MS;
      const { marked, removedObjects, mergedPacks, removedPacks } = await this.collect(run % PROCESSES);
      if (marked + removedObjects + mergedPacks + removedPacks === 0) return;
    }
    throw new Error('The collection does not come to an end.');
  }

  /** Opens the repository as a new process does. */
  fresh(): PackedRepository {
    return repositoryOn(this.storage);
  }

  async objects() {
    return [...(await new RepositoryIndex(this.storage, 'rep_1').refresh()).merged().objects()];
  }

  packFiles(): string[] {
    return [...this.storage.blobs.keys()].filter((path) => path.endsWith('.pack'));
  }

  private async fetch(objects: PackedRepository, commit: string): Promise<void> {
    let [have] = this.refs.values();
    if (have === commit || (have !== undefined && !(await objects.hasSnapshot(have)))) have = undefined;
    for (;;) {
      try {
        await objects.ingestPack([packs.get(`${have ?? ''} ${commit}`)!], { commit });
        return;
      } catch (error) {
        if (error instanceof StoreBusyError) continue;
        if (!(error instanceof IncompleteSnapshotError) && !(error instanceof MissingDeltaBaseError)) throw error;
        expect(have).toBeDefined();
        have = undefined;
      }
    }
  }
}

const repositoryOn = (storage: MemoryStorage) => new PackedRepository(storage, 'rep_1', createObjectCache(1 << 20));

async function readAll(objects: PackedRepository, commit: string): Promise<void> {
  const { tree } = await objects.readCommit(commit);
  for await (const { id, mode } of objects.walk(tree)) if (mode !== '040000') await objects.read(id);
}

const reachableFrom = (commit: string) => [
  commit,
  ...git.git('rev-list', '--objects', '--no-object-names', `${commit}^{tree}`).split('\n'),
];

describe('the collection of a repository', () => {
  it('P4: removes no object of a ref or running build, however syncs, builds and collections interleave', async () => {
    const process = fc.nat({ max: PROCESSES - 1 });
    const ref = fc.constantFrom(...REFS);
    const operation = fc.oneof(
      fc.record({ kind: fc.constant('sync' as const), process, ref, commit: fc.nat({ max: 4 }) }),
      fc.record({ kind: fc.constant('collect' as const), process }),
      fc.record({ kind: fc.constant('build' as const), process, ref }),
      fc.record({ kind: fc.constant('delete' as const), ref }),
    );
    // Operations of a batch run at the same time, and end within a grace period.
    const batches = fc.array(
      fc.record({ operations: fc.array(operation, { maxLength: 5 }), hours: fc.nat({ max: 30 }) }),
      {
        maxLength: 8,
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), batches, async (scheduler, run) => {
        const sut = new TestRepository((label) => scheduler.schedule(Promise.resolve(), label));
        for (const { operations, hours } of run) {
          const running = operations.map(async (next) => {
            if (next.kind === 'sync') await sut.sync(next.process, next.ref, commits[next.commit]!);
            if (next.kind === 'collect') await sut.collect(next.process);
            if (next.kind === 'build') await sut.build(next.process, next.ref);
            if (next.kind === 'delete') sut.refs.delete(next.ref);
          });
          await scheduler.waitFor(Promise.all(running));
          for (const commit of sut.refs.values()) await readAll(sut.fresh(), commit);
          now += hours * HOUR_MS;
        }
        await scheduler.waitFor(sut.collectAll());
        const needed = new Set([...sut.refs.values()].flatMap(reachableFrom));
        const stored = await sut.objects();
        for (const { base } of stored) if (base !== null) needed.add(base);
        expect(new Set(stored.map(({ id }) => id))).toEqual(needed);
        for (const commit of sut.refs.values()) await readAll(sut.fresh(), commit);
        const named = new Set(stored.map(({ pack }) => `rep_1/packs/${pack}.pack`));
        expect(new Set(sut.packFiles())).toEqual(named);
      }),
      { numRuns: RUNS },
    );
  });

  it('removes an unreachable snapshot in the second run after the grace period, and its pack in the third', async () => {
    const sut = new TestRepository();
    await sut.sync(0, 'main', commits[3]!);
    await sut.sync(0, 'topic', commits[0]!);
    sut.refs.delete('topic');
    now += HOUR_MS;
    expect(await sut.collect(0)).toMatchObject({ marked: 0, removedObjects: 0, removedPacks: 0 });
    now += GRACE_MS;
    expect(await sut.collect(0)).toMatchObject({ marked: 4, removedObjects: 0, removedPacks: 0 });
    expect(await sut.fresh().hasSnapshot(commits[0]!)).toBe(false);
    now += HOUR_MS;
    expect(await sut.collect(1)).toMatchObject({ marked: 0, removedObjects: 0 });
    await readAll(sut.fresh(), commits[0]!);
    now += GRACE_MS;
    expect(await sut.collect(1)).toMatchObject({ marked: 0, removedObjects: 7, removedPacks: 0 });
    now += GRACE_MS + HOUR_MS;
    expect(await sut.collect(1)).toMatchObject({ removedObjects: 0, removedPacks: 1 });
    await readAll(sut.fresh(), commits[3]!);
  });

  it('merges many small packs with their deltas, and stores a delta whole if its base is removed', async () => {
    const many = commitEach(
      git,
      Array.from({ length: 40 }, (_, i) => ({ 'docs/a.md': `${'A line that is worth a delta.\n'.repeat(60)}${i}` })),
    );
    const sut = new TestRepository();
    for (const [i, commit] of many.entries()) {
      packs.set(
        `${many[i - 1] ?? ''} ${commit}`,
        await fetchPack(git, i === 0 ? { wants: [commit] } : since(many[i - 1]!, commit)),
      );
      sut.refs.delete('main');
      await sut.sync(0, i === 0 ? 'first' : 'main', commit);
      if (i > 0) sut.refs.set('first', commit);
    }
    for (const [i, commit] of many.entries()) sut.refs.set(`branch-${i}`, commit);
    now += GRACE_MS + HOUR_MS;
    expect(await sut.collect(0)).toMatchObject({ mergedPacks: 40, removedObjects: 0 });
    now += GRACE_MS + HOUR_MS;
    expect(await sut.collect(0)).toMatchObject({ mergedPacks: 0, removedPacks: 40 });
    for (const commit of many) await readAll(sut.fresh(), commit);
    expect((await sut.fresh().stats()).packs).toBe(1);
    expect(Math.max(...(await sut.objects()).map(({ depth }) => depth))).toBeGreaterThan(10);
    sut.refs.clear();
    sut.refs.set('main', many.at(-1)!);
    await sut.collectAll();
    const objects = await sut.objects();
    expect(new Set(objects.map(({ id }) => id))).toEqual(new Set(reachableFrom(many.at(-1)!)));
    await readAll(sut.fresh(), many.at(-1)!);
  });

  it('removes nothing if an object is damaged', async () => {
    const storage = new MemoryStorage();
    const sut = repositoryOn(storage);
    await sut.ingestPack([packs.get(` ${commits[0]!}`)!], { commit: commits[0]! });
    for (const [path, blob] of storage.blobs) {
      if (path.endsWith('.pack'))
        storage.blobs.set(path, {
          ...blob,
          content: blob.content.map((byte, at) => (at > 12 ? byte ^ 1 : byte)) as Buffer,
        });
    }
    now += 2 * GRACE_MS;
    const collected = repositoryOn(storage).collect({ before: new Date(now - GRACE_MS), roots: [commits[0]!] });
    await expect(collected).rejects.toMatchObject({ code: 'corrupt-object' });
  });

  it('removes the content of Git LFS pointers whose blobs are gone', async () => {
    const repository = new TestRepository();
    await repository.sync(0, 'main', commits[0]!);
    const objects = repository.fresh();
    const pointer = (await objects.readPath((await objects.readCommit(commits[0]!)).tree, 'img/c.txt'))!.id;
    const content = () =>
      (async function* () {
        yield await Promise.resolve(Buffer.from('large'));
      })();
    for (const id of [pointer, 'f'.repeat(40)]) await objects.writeLfsObject(id, content());
    await repository.collectAll();
    expect(await objects.readLfsObject('f'.repeat(40))).toBeNull();
    expect(await objects.readLfsObject(pointer)).not.toBeNull();
    await repository.sync(0, 'main', commits[3]!);
    await repository.collectAll();
    await repository.collectAll();
    expect(await objects.readLfsObject(pointer)).toBeNull();
  });
});

const since = (have: string, want: string) => ({ wants: [want], haves: [have], shallow: [have] });
