import { copiedEntry, MalformedObjectError, PACK_ENTRY_HEADER_BYTES, PackWriter } from '@reunite/git-objects';
import type { BlobStorage } from '@reunite/blob-storage';
import { CorruptObjectError } from './corrupt-object.error.js';
import type { IndexedObject } from './pack-index.js';
import type { ObjectReader } from './object-reader.js';
import type { IndexView } from './repository-index.js';

/** Bytes of a pack that are read at once. Most entries are much smaller. */
const WINDOW_BYTES = 4 * 1024 ** 2;

/** The place of an object in the new pack. */
export interface CopiedObject {
  readonly offset: number;
  readonly length: number;
}

export interface MergeSource {
  readonly storage: BlobStorage;
  readonly repositoryId: string;
  readonly view: IndexView;
  readonly reader: ObjectReader;
}

/** An object to copy. */
export interface MergedObject {
  readonly object: IndexedObject;
  /** True for a delta on an object that is not kept. */
  readonly asWhole: boolean;
}

/** Copies objects to a new pack, as they are stored. Only deltas that lose their base are inflated. */
export class PackMerge {
  private window: { readonly pack: string; readonly start: number; readonly bytes: Buffer } | null = null;

  constructor(private readonly source: MergeSource) {}

  /**
   * Yields the new pack.
   *
   * @param objects by pack and offset, so that each pack is read once, from its begin to its end
   * @param onCopied gets the place of each object, in the same order
   * @throws CorruptObjectError if an entry does not match the index
   */
  async *pack(
    objects: Iterable<MergedObject>,
    count: number,
    onCopied: (place: CopiedObject) => void,
  ): AsyncGenerator<Buffer> {
    const writer = new PackWriter();
    yield writer.begin(count);
    for (const { object, asWhole } of objects) {
      const { offset } = writer;
      if (asWhole) yield writer.whole(await this.read(object));
      else for await (const piece of this.entry(object)) yield writer.add(piece);
      onCopied({ offset, length: writer.offset - offset });
    }
    yield writer.end();
  }

  private async *entry(object: IndexedObject): AsyncGenerator<Buffer> {
    const { length, base } = object;
    const start = await this.bytes(object, 0, Math.min(PACK_ENTRY_HEADER_BYTES, length));
    const { header, dataAt } = this.headerOf(object, start, base);
    yield header;
    for (let at = dataAt; at < length; at += WINDOW_BYTES) {
      yield await this.bytes(object, at, Math.min(WINDOW_BYTES, length - at));
    }
  }

  private headerOf({ id }: IndexedObject, start: Buffer, base: string | null) {
    try {
      return copiedEntry(start, base);
    } catch (cause) {
      if (!(cause instanceof MalformedObjectError)) throw cause;
      throw new CorruptObjectError(this.source.repositoryId, `object ${id} cannot be read`, { cause });
    }
  }

  private async bytes({ id, pack, offset }: IndexedObject, at: number, length: number): Promise<Buffer> {
    const from = offset + at;
    if (
      this.window?.pack !== pack ||
      from < this.window.start ||
      from + length > this.window.start + this.window.bytes.length
    ) {
      const { storage, reader } = this.source;
      const bytes = await storage.readRange(reader.packPath(pack), from, WINDOW_BYTES);
      this.window = { pack, start: from, bytes: bytes ?? Buffer.alloc(0) };
    }
    const bytes = this.window.bytes.subarray(from - this.window.start, from - this.window.start + length);
    if (bytes.length === length) return bytes;
    throw new CorruptObjectError(this.source.repositoryId, `pack ${pack} ends within object ${id}`);
  }

  private async read({ id }: IndexedObject) {
    const object = await this.source.reader.read(this.source.view, id);
    if (object) return object;
    throw new CorruptObjectError(this.source.repositoryId, `object ${id} is missing`);
  }
}
