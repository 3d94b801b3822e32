import { setImmediate } from 'node:timers/promises';
import { assertObjectId, encodePack, readPack, readPackFrame } from '@reunite/git-objects';
import type { GitObject, ObjectId, PackLimits, PackObject } from '@reunite/git-objects';
import type { IngestedSnapshot, IngestOptions } from './content-store.js';
import type { ObjectReader } from './object-reader.js';
import type { IndexedObject } from './pack-index.js';
import type { BlobStorage } from '@reunite/blob-storage';
import type { IndexView, RepositoryIndex } from './repository-index.js';
import { checkSnapshot } from './snapshot-check.js';
import { StoreBusyError } from './store-busy.error.js';

/**
 * Thin packs stack deltas on earlier packs, so that a page edited every day would need hundreds of reads after a year.
 * Objects deeper than this are stored whole, which starts a new chain.
 */
export const MAX_CHAIN = 40;
const MAX_ATTEMPTS = 5;

/** The additions of one ingest. */
interface Draft {
  readonly objects: Map<ObjectId, IndexedObject>;
  /** Bodies of new commits and trees, for the check of the snapshot. */
  readonly bodies: Map<ObjectId, Buffer>;
  /** Objects to store whole. */
  readonly whole: GitObject[];
}

/** Adds packs to one repository. */
export class PackIngest {
  constructor(
    private readonly storage: BlobStorage,
    private readonly index: RepositoryIndex,
    private readonly reader: ObjectReader,
    private readonly repositoryId: string,
  ) {}

  /**
   * Safe to interrupt and repeat at any line: packs are named by their content and unused until the index that lists
   * them is created, atomically, at the end.
   */
  async ingest(pack: Buffer, { commit, limits }: IngestOptions): Promise<IngestedSnapshot> {
    assertObjectId(commit);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const view = await this.index.refresh();
      const draft = await this.read(pack, view, limits);
      const { tree, complete } = await this.check(commit, draft, view);
      const objects = draft.objects.size;
      for (const id of complete) {
        const object = draft.objects.get(id) ?? view.find(id);
        if (object && !object.complete) draft.objects.set(id, { ...object, complete: true });
      }
      if (draft.objects.size === 0 || (await this.publish(pack, draft, view))) {
        return { commit, tree, objects, bytes: pack.length };
      }
    }
    throw new StoreBusyError(this.repositoryId);
  }

  private async read(pack: Buffer, view: IndexView, limits: Partial<PackLimits> = {}): Promise<Draft> {
    const draft: Draft = { objects: new Map(), bodies: new Map(), whole: [] };
    const resolveBase = (id: ObjectId) => this.reader.read(view, id);
    let name: string | null = null;
    for await (const object of readPack(pack, { resolveBase, limits, pause: setImmediate })) {
      name ??= readPackFrame(pack).checksum;
      // A single location per object guarantees that delta chains are acyclic.
      if (!draft.objects.has(object.id) && !view.find(object.id)) addToDraft(draft, object, name, view);
    }
    return draft;
  }

  private async check(commit: ObjectId, draft: Draft, view: IndexView) {
    return checkSnapshot(commit, {
      find: (id) => draft.objects.get(id) ?? view.find(id),
      read: async (id) => {
        const body = draft.bodies.get(id) ?? (await this.reader.read(view, id))?.body;
        if (!body) throw new TypeError(`Object ${id} is neither new nor stored.`);
        return body;
      },
    });
  }

  private async publish(pack: Buffer, draft: Draft, view: IndexView): Promise<boolean> {
    const name = readPackFrame(pack).checksum;
    const objects = [...draft.objects.values()];
    if (objects.some((object) => object.pack === name)) await this.storage.write(this.reader.packPath(name), pack);
    if (draft.whole.length === 0) return this.index.publish(view, objects);
    const { pack: extra, entries } = encodePack(draft.whole);
    const extraName = readPackFrame(extra).checksum;
    await this.storage.write(this.reader.packPath(extraName), extra);
    const places = new Map(entries.map(({ id, offset, length }) => [id, { pack: extraName, offset, length }]));
    return this.index.publish(
      view,
      objects.map((object) => ({ ...object, ...places.get(object.id) })),
    );
  }
}

function addToDraft(draft: Draft, object: PackObject, pack: string, view: IndexView): void {
  const { id, type, body, offset, length, base } = object;
  const below = base === null ? null : (draft.objects.get(base) ?? view.find(base));
  const depth = below ? below.depth + 1 : 0;
  const place = { id, type, pack, offset, length, complete: false };
  if (depth > MAX_CHAIN) {
    draft.whole.push({ type, body });
    draft.objects.set(id, { ...place, base: null, depth: 0 });
  } else {
    draft.objects.set(id, { ...place, base, depth });
  }
  if (type === 'commit' || type === 'tree') draft.bodies.set(id, body);
}
