import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { BlobStorage } from '@reunite/blob-storage';
import { assertObjectId, readPack } from '@reunite/git-objects';
import type { ObjectId } from '@reunite/git-objects';
import type { IngestedSnapshot, IngestOptions, PackPieces } from './content-store.js';
import { FileSpool } from './file-spool.js';
import { IngestDraft } from './ingest-draft.js';
import type { AddedPack } from './ingest-draft.js';
import type { ObjectReader } from './object-reader.js';
import { PendingObjects } from './pending-objects.js';
import type { IndexView, RepositoryIndex } from './repository-index.js';
import { checkSnapshot } from './snapshot-check.js';
import { StoreBusyError } from './store-busy.error.js';

const MAX_ATTEMPTS = 5;
/** A new name for each ingest: processes keep packs open, and must not read a damaged pack after another one replaced it. */
const NAME_BYTES = 20;

/** A pack that was read, and what it adds. */
interface ReadPack {
  readonly draft: IngestDraft;
  readonly pending: PendingObjects;
  /** Packs that the ingest adds, which are not published yet. */
  readonly added: SpooledPack[];
}

interface ReadOptions {
  readonly view: IndexView;
  readonly limits: IngestOptions['limits'];
  readonly newSpool: () => FileSpool;
  readonly onObject: (received: number) => void;
}

interface SpooledPack {
  readonly name: string;
  readonly spool: FileSpool;
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
   * Safe to interrupt and repeat at any line: packs have new names and are unused until the index that lists
   * them is created, atomically, at the end. The pack is read while it arrives; if another process published meanwhile,
   * it is read again from the file.
   */
  async ingest(pieces: PackPieces, { commit, limits, confirm, onProgress }: IngestOptions): Promise<IngestedSnapshot> {
    assertObjectId(commit);
    const spools: FileSpool[] = [];
    const newSpool = () => {
      const spool = new FileSpool(this.storage);
      spools.push(spool);
      return spool;
    };
    try {
      const spool = newSpool();
      // One name for all attempts: the spool is published once.
      const name = randomBytes(NAME_BYTES).toString('hex');
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
        const view = await this.index.refresh();
        const source = attempt === 1 ? pieces : spool.pieces();
        const target = attempt === 1 ? spool : { append: () => undefined, read: spool.read.bind(spool) };
        const onObject = (objects: number) => onProgress?.({ objects, bytes: spool.size });
        const pack = await this.read(source, target, { view, limits, newSpool, onObject });
        const { draft, pending } = pack;
        const objects = { find: draft.find.bind(draft), read: pending.read.bind(pending) };
        const { tree, complete } = await checkSnapshot(commit, objects);
        for (const id of complete) draft.markComplete(id);
        await confirm?.();
        if (await this.publish(pack, { name, spool }, view)) {
          return { commit, tree, objects: draft.added, bytes: spool.size };
        }
      }
      throw new StoreBusyError(this.repositoryId);
    } finally {
      await Promise.all(spools.map((spool) => spool.discard()));
    }
  }

  private async read(
    pieces: PackPieces,
    spool: Pick<FileSpool, 'append' | 'read'>,
    { view, limits = {}, newSpool, onObject }: ReadOptions,
  ): Promise<ReadPack> {
    const draft = new IngestDraft(view);
    const pending = new PendingObjects(draft, spool, async (id) => (await this.reader.read(view, id))?.body ?? null);
    const added: SpooledPack[] = [];
    const addPack = async ({ name, pack }: AddedPack) => {
      const target = newSpool();
      await target.append(pack);
      added.push({ name, spool: target });
    };
    const resolveBase = async (id: ObjectId, size: number) => {
      // A delta that announces another size than the base has does not fit it, and must not cost its memory.
      if ((await this.reader.size(view, id)) !== size) return null;
      return this.reader.read(view, id);
    };
    const options = { spool, table: draft.table, resolveBase, limits, pause: setImmediate };
    let received = 0;
    for await (const object of readPack(pieces, options)) {
      onObject((received += 1));
      const full = draft.add(object);
      if (full) await addPack(full);
      const { id, type, body } = object;
      if (body && (type === 'commit' || type === 'tree')) pending.keep(id, body);
    }
    const last = draft.packWhole();
    if (last) await addPack(last);
    return { draft, pending, added };
  }

  /** @returns false if another writer published since the view was read */
  private async publish({ draft, added }: ReadPack, { name, spool }: SpooledPack, view: IndexView): Promise<boolean> {
    const objects = draft.newObjects(name);
    if (objects.count === 0) return true;
    if (draft.usesReceivedPack) await spool.publish(this.reader.packPath(name));
    for (const pack of added) await pack.spool.publish(this.reader.packPath(pack.name));
    return this.index.publish(view, objects);
  }
}
