import { randomBytes } from 'node:crypto';
import type { BlobStorage, StoredBlob } from '@reunite/blob-storage';
import type { CollectedContent, CollectionOptions } from './content-store.js';
import { createObjectCache } from './object-cache.js';
import { ObjectReader } from './object-reader.js';
import type { IndexedObject, PackIndex } from './pack-index.js';
import { PackMerge } from './pack-merge.js';
import type { CopiedObject } from './pack-merge.js';
import { COMPLETE, REACHED, Reachability, UNREACHED } from './reachability.js';
import type { IndexView, RepositoryIndex } from './repository-index.js';

/** A pack is rewritten if at least this part of it is not kept. */
const MIN_GARBAGE = 0.25;
/** Header and checksum of a pack. */
const FRAME_BYTES = 32;
/** Smaller packs are merged if there are more than {@link MAX_SMALL_PACKS}. */
const SMALL_PACK_BYTES = 32 * 1024 ** 2;
const MAX_SMALL_PACKS = 32;
/** For trees, and bases of deltas. */
const CACHE_BYTES = 16 * 1024 ** 2;
const PACK_FILE = /^([0-9a-f]{40})\.pack$/;
const NAME_BYTES = 20;
/** Content of Git LFS pointers, by the ids of their blobs. */
export const LFS_FOLDER = 'lfs';
const NOTHING: CollectedContent = { marked: 0, removedObjects: 0, mergedPacks: 0, removedPacks: 0, removedBytes: 0 };

interface RepositoryParts {
  readonly storage: BlobStorage;
  readonly index: RepositoryIndex;
  readonly repositoryId: string;
}

/** The result of looking at the objects of a view. */
interface Plan {
  readonly view: IndexView;
  /** All objects of the view. */
  readonly objects: PackIndex;
  readonly reachability: Reachability;
  /** False while objects that are not kept may still be used. */
  readonly mayRemove: boolean;
  /** Names of packs whose objects are copied. */
  readonly merged: ReadonlySet<string>;
}

/**
 * Removes what is unreachable from one repository, in two runs that are at least a grace period apart. The first marks
 * unreachable snapshots as incomplete: a sync that wants one afterwards fetches it, and thereby stores or marks it again. A sync
 * that found it complete before has made it reachable when the second run removes what is neither reachable nor complete.
 *
 * Both runs replace the index only if no sync has published meanwhile. A file of a pack is removed a grace period after the
 * index that named it was replaced: readers of that index have finished then.
 */
export class RepositoryCollection {
  private readonly reader: ObjectReader;

  constructor(private readonly parts: RepositoryParts) {
    this.reader = new ObjectReader(parts.storage, parts.repositoryId, createObjectCache(CACHE_BYTES));
  }

  async collect(options: CollectionOptions): Promise<CollectedContent> {
    const { storage, index, repositoryId } = this.parts;
    const packs = await storage.list(`${repositoryId}/packs`);
    const view = await index.refresh();
    const replacedAt = await index.replacedAt();
    if (replacedAt !== null && replacedAt >= options.before) return NOTHING;
    await this.removeLfsObjects(view, options.before);
    const removed = await this.removeUnnamedPacks(packs, view, options.before);
    const plan = await this.plan(packs, view, options, replacedAt !== null);
    const { marked, removedObjects } = countChanges(plan);
    if (marked + removedObjects + plan.merged.size === 0) return { ...NOTHING, ...removed };
    if (!(await this.replaceIndex(plan))) return { ...NOTHING, ...removed };
    return { marked, removedObjects, mergedPacks: plan.merged.size, ...removed };
  }

  /** A build that needs a removed one later fetches it again. */
  private async removeLfsObjects(view: IndexView, before: Date): Promise<void> {
    const { storage, repositoryId } = this.parts;
    for (const { name, modified } of await storage.list(`${repositoryId}/${LFS_FOLDER}`)) {
      if (modified < before && !view.find(name)) await storage.remove(`${repositoryId}/${LFS_FOLDER}/${name}`);
    }
  }

  /** The pack of a running sync is younger than the grace period. */
  private async removeUnnamedPacks(packs: readonly StoredBlob[], view: IndexView, before: Date) {
    const { storage, repositoryId } = this.parts;
    const named = new Set(view.files.flatMap(({ index }) => index.packs()));
    const unnamed = packs.filter(({ name, modified }) => {
      const pack = PACK_FILE.exec(name)?.[1];
      return pack !== undefined && !named.has(pack) && modified < before;
    });
    for (const { name } of unnamed) await storage.remove(`${repositoryId}/packs/${name}`);
    return { removedPacks: unnamed.length, removedBytes: unnamed.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  private async plan(
    packs: readonly StoredBlob[],
    view: IndexView,
    { before, roots }: CollectionOptions,
    mayRemove: boolean,
  ): Promise<Plan> {
    const objects = view.merged();
    const reachability = new Reachability(objects, view, this.reader, this.parts.repositoryId);
    const old = new Map<string, number>();
    for (const { name, modified, bytes } of packs) {
      const pack = PACK_FILE.exec(name)?.[1];
      if (pack !== undefined && modified < before) old.set(pack, bytes);
    }
    await reachability.keep(rootRows(objects, reachability, roots, old), REACHED);
    await reachability.keep(completeRows(objects), COMPLETE);
    const plan = { view, objects, reachability, mayRemove };
    let merged = packsToMerge(plan, old);
    // A pack that turns out to be needed for bases is not worth rewriting; then its own deltas stay, with their bases.
    for (let size = -1; mayRemove && size !== merged.size;) {
      size = merged.size;
      keepBases({ ...plan, merged });
      const worth = packsToMerge(plan, old);
      merged = new Set([...merged].filter((pack) => worth.has(pack)));
    }
    return { ...plan, merged };
  }

  private async replaceIndex(plan: Plan): Promise<boolean> {
    const { index, storage } = this.parts;
    const copied = copiedRows(plan);
    const name = randomBytes(NAME_BYTES).toString('hex');
    const offsets = new Float64Array(plan.objects.size);
    const lengths = new Uint32Array(plan.objects.size);
    if (copied.length > 0) {
      let next = 0;
      const onCopied = ({ offset, length }: CopiedObject) => {
        const row = copied[next++] ?? 0;
        offsets[row] = offset;
        lengths[row] = length;
      };
      const merge = new PackMerge({ ...this.parts, view: plan.view, reader: this.reader });
      await storage.write(this.reader.packPath(name), merge.pack(mergedObjects(plan, copied), copied.length, onCopied));
    }
    const rows = keptRows(plan, (row, object) =>
      plan.merged.has(object.pack)
        ? { pack: name, offset: offsets[row] ?? 0, length: lengths[row] ?? 0 }
        : { pack: object.pack, offset: object.offset, length: object.length },
    );
    return index.replace(plan.view, { rows, count: plan.objects.size - countChanges(plan).removedObjects });
  }
}

/** The roots, and everything in packs of the grace period: a sync may be about to make it reachable. */
function* rootRows(
  objects: PackIndex,
  reachability: Reachability,
  roots: Iterable<string>,
  old: ReadonlyMap<string, number>,
): Generator<number> {
  for (const id of roots) yield reachability.rowOf(id);
  for (let row = 0; row < objects.size; row += 1) if (!old.has(objects.row(row).pack)) yield row;
}

function* completeRows(objects: PackIndex): Generator<number> {
  for (let row = 0; row < objects.size; row += 1) if (objects.row(row).complete) yield row;
}

function isKept({ mayRemove, reachability }: Pick<Plan, 'mayRemove' | 'reachability'>, row: number): boolean {
  return !mayRemove || reachability.reason(row) !== UNREACHED;
}

function packsToMerge(plan: Omit<Plan, 'merged'>, old: ReadonlyMap<string, number>): Set<string> {
  const neededBytes = new Map<string, number>();
  for (let row = 0; row < plan.objects.size; row += 1) {
    const { pack, length } = plan.objects.row(row);
    neededBytes.set(pack, (neededBytes.get(pack) ?? 0) + (isKept(plan, row) ? length : 0));
  }
  const packs = [...neededBytes].flatMap(([name, bytes]) => {
    const size = old.get(name);
    return size === undefined ? [] : [{ name, bytes, size }];
  });
  const small = packs.filter(({ size }) => size < SMALL_PACK_BYTES);
  const wasteful = packs.filter(
    ({ bytes, size }) => bytes < (size - FRAME_BYTES) * (1 - MIN_GARBAGE) && plan.mayRemove,
  );
  return new Set([...wasteful, ...(small.length > MAX_SMALL_PACKS ? small : [])].map(({ name }) => name));
}

/** Deltas that stay in their pack need their base. Those that are copied become whole objects without it. */
function keepBases({ objects, reachability, merged }: Plan): void {
  for (let start = 0; start < objects.size; start += 1) {
    if (reachability.reason(start) === UNREACHED) continue;
    for (let object = objects.row(start); object.base !== null && !merged.has(object.pack);) {
      const row = reachability.rowOf(object.base);
      if (row < 0 || !reachability.keepBase(row)) break;
      object = objects.row(row);
    }
  }
}

function countChanges(plan: Plan): { marked: number; removedObjects: number } {
  let [marked, removedObjects] = [0, 0];
  for (let row = 0; row < plan.objects.size; row += 1) {
    const reason = plan.reachability.reason(row);
    if (!isKept(plan, row)) removedObjects += 1;
    else if (reason === UNREACHED || (reason === COMPLETE && plan.objects.row(row).complete)) marked += 1;
  }
  return { marked, removedObjects };
}

/** The rows to copy, by pack and offset. */
function copiedRows(plan: Plan): Uint32Array {
  const rows: number[] = [];
  const keys = new Float64Array(plan.objects.size);
  const starts = new Map<string, number>();
  for (const pack of plan.merged) starts.set(pack, starts.size * 2 ** 40);
  for (let row = 0; row < plan.objects.size; row += 1) {
    const { pack, offset } = plan.objects.row(row);
    const start = starts.get(pack);
    if (start === undefined || !isKept(plan, row)) continue;
    keys[row] = start + offset;
    rows.push(row);
  }
  return Uint32Array.from(rows).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
}

function* mergedObjects(plan: Plan, rows: Uint32Array) {
  for (const row of rows) {
    const object = plan.objects.row(row);
    const base = object.base === null ? -1 : plan.reachability.rowOf(object.base);
    yield { object, asWhole: object.base !== null && (base < 0 || !isKept(plan, base)) };
  }
}

function* keptRows(
  plan: Plan,
  placeOf: (row: number, object: IndexedObject) => Pick<IndexedObject, 'pack' | 'offset' | 'length'>,
): Generator<IndexedObject> {
  const { objects, reachability } = plan;
  for (let row = 0; row < objects.size; row += 1) {
    if (!isKept(plan, row)) continue;
    const object = objects.row(row);
    const base = object.base === null ? -1 : reachability.rowOf(object.base);
    const isWhole = base < 0 || (plan.merged.has(object.pack) && !isKept(plan, base));
    const delta = isWhole ? { base: null, depth: 0 } : { base: object.base, depth: object.depth };
    yield {
      ...object,
      ...placeOf(row, object),
      ...delta,
      complete: object.complete && reachability.reason(row) === REACHED,
    };
  }
}
