import { applyDelta, hashObject, readPackEntry } from '@reunite/git-objects';
import type { GitObject, ObjectId } from '@reunite/git-objects';
import { CorruptObjectError } from './corrupt-object.error.js';
import type { ObjectCache } from './object-cache.js';
import type { IndexedObject } from './pack-index.js';
import type { PackStorage } from './pack-storage.js';
import type { IndexView } from './repository-index.js';

/** Reads objects out of the packs of one repository. */
export class ObjectReader {
  constructor(
    private readonly storage: PackStorage,
    private readonly repositoryId: string,
    private readonly cache: ObjectCache,
  ) {}

  /**
   * @returns null when the view does not know the object.
   * @throws CorruptObjectError when what is stored does not give the object of this id.
   */
  async read(view: IndexView, id: ObjectId): Promise<GitObject | null> {
    const found = view.find(id);
    if (!found) return null;
    const { deltas, start } = await this.readChain(view, found);
    let object = start;
    for (const { id: made, delta } of deltas.reverse()) {
      object = this.verify(made, { type: found.type, body: this.apply(made, object.body, delta) });
    }
    return object;
  }

  packPath(name: string): string {
    return `${this.repositoryId}/packs/${name}.pack`;
  }

  /** From an object down to the first one that is known or stands in full. Each base has less below it, so this ends. */
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
      if ((kind === 'full') === (base === null)) return data;
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

  /** Only what has been hashed gets into the cache. */
  private verify(id: ObjectId, object: GitObject): GitObject {
    if (hashObject(object.type, object.body) !== id) throw this.corrupt(id);
    this.cache.put(this.key(id), object);
    return object;
  }

  private key(id: ObjectId): string {
    return `${this.repositoryId}/${id}`;
  }

  private corrupt(id: ObjectId, cause?: unknown): CorruptObjectError {
    return new CorruptObjectError(this.repositoryId, `object ${id} cannot be read`, { cause });
  }
}
