import {
  applyDelta,
  hashObject,
  PACK_ENTRY_START_BYTES,
  packEntryObjectSize,
  readPackEntry,
} from '@reunite/git-objects';
import type { GitObject, ObjectId } from '@reunite/git-objects';
import { CorruptObjectError } from './corrupt-object.error.js';
import type { ObjectCache } from './object-cache.js';
import type { IndexedObject } from './pack-index.js';
import type { BlobStorage } from '@reunite/blob-storage';
import type { IndexView } from './repository-index.js';

/** Reads objects from the packs of one repository. */
export class ObjectReader {
  constructor(
    private readonly storage: BlobStorage,
    private readonly repositoryId: string,
    private readonly cache: ObjectCache,
  ) {}

  /**
   * @returns null if the view lacks the object
   * @throws CorruptObjectError if the stored bytes do not have this id
   */
  async read(view: IndexView, id: ObjectId): Promise<GitObject | null> {
    const indexed = view.find(id);
    if (!indexed) return null;
    const { deltas, start } = await this.readChain(view, indexed);
    let object = start;
    for (const { id: made, delta } of deltas.reverse()) {
      object = this.verify(made, { type: indexed.type, body: this.apply(made, object.body, delta) });
    }
    return object;
  }

  /**
   * @returns the size of an object in bytes; null if the view lacks it
   * @throws CorruptObjectError if the stored bytes are no entry of a pack
   */
  async size(view: IndexView, id: ObjectId): Promise<number | null> {
    const indexed = view.find(id);
    if (!indexed) return null;
    const cached = this.cache.get(this.key(id));
    if (cached) return cached.body.length;
    const { pack, offset, length } = indexed;
    const start = await this.storage.readRange(this.packPath(pack), offset, Math.min(length, PACK_ENTRY_START_BYTES));
    if (!start) throw new CorruptObjectError(this.repositoryId, `pack ${pack} is missing`);
    try {
      return packEntryObjectSize(start);
    } catch (cause) {
      throw this.corrupt(id, cause);
    }
  }

  packPath(name: string): string {
    return `${this.repositoryId}/packs/${name}.pack`;
  }

  /** Collects the deltas of an object down to a cached or whole one. Depths decrease, so the loop ends. */
  private async readChain(view: IndexView, object: IndexedObject) {
    const deltas: { id: ObjectId; delta: Buffer }[] = [];
    for (let at = object; ;) {
      const cached = this.cache.get(this.key(at.id));
      if (cached) return { deltas, start: cached };
      const data = await this.readEntry(at);
      if (at.base === null) return { deltas, start: this.verify(at.id, { type: at.type, body: data }) };
      deltas.push({ id: at.id, delta: data });
      const base = view.find(at.base);
      if (!base || base.depth >= at.depth) throw this.corrupt(at.id);
      at = base;
    }
  }

  private async readEntry({ id, pack, offset, length, base }: IndexedObject): Promise<Buffer> {
    const bytes = await this.storage.readRange(this.packPath(pack), offset, length);
    if (!bytes) throw new CorruptObjectError(this.repositoryId, `pack ${pack} is missing`);
    try {
      const { kind, data } = readPackEntry(bytes, 0);
      if ((kind === 'whole') === (base === null)) return data;
    } catch (cause) {
      throw this.corrupt(id, cause);
    }
    throw this.corrupt(id);
  }

  private apply(id: ObjectId, base: Buffer, delta: Buffer): Buffer {
    try {
      return applyDelta(base, delta);
    } catch (cause) {
      throw this.corrupt(id, cause);
    }
  }

  /** Adds an object to the cache if its hash is right. */
  private verify(id: ObjectId, object: GitObject): GitObject {
    if (hashObject(object.type, object.body) !== id) throw this.corrupt(id);
    this.cache.set(this.key(id), object);
    return object;
  }

  private key(id: ObjectId): string {
    return `${this.repositoryId}/${id}`;
  }

  private corrupt(id: ObjectId, cause?: unknown): CorruptObjectError {
    return new CorruptObjectError(this.repositoryId, `object ${id} cannot be read`, { cause });
  }
}
