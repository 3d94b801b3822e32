import { applyDelta, MissingDeltaBaseError, readPackEntry } from '@reunite/git-objects';
import type { ObjectId } from '@reunite/git-objects';
import { LRUCache } from 'lru-cache';
import type { FileSpool } from './file-spool.js';
import type { IngestDraft } from './ingest-draft.js';

/** Commits and trees that stay in memory, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The commits and trees of a pack that is being ingested. Those that do not stay in memory are read from its file. */
export class PendingObjects {
  private readonly bodies = new LRUCache<ObjectId, Buffer>({
    maxSize: MAX_BYTES,
    sizeCalculation: (body) => body.length + 1,
  });

  /** @param readStored reads an object that is not part of the ingest */
  constructor(
    private readonly draft: IngestDraft,
    private readonly spool: Pick<FileSpool, 'read'>,
    private readonly readStored: (id: ObjectId) => Promise<Buffer | null>,
  ) {}

  keep(id: ObjectId, body: Buffer): void {
    this.bodies.set(id, body);
  }

  /** The body of a commit or tree. Each base was read before its deltas, so that the loop ends. */
  async read(id: ObjectId): Promise<Buffer> {
    const deltas: Buffer[] = [];
    for (let at = id; ;) {
      const row = this.draft.rowOf(at);
      const whole = this.bodies.get(at) ?? (row < 0 ? await this.readStored(at) : null);
      if (whole) return deltas.reduceRight((base, delta) => applyDelta(base, delta), whole);
      if (row < 0) throw new MissingDeltaBaseError(at);
      const { offset, length, base } = this.draft.table.row(row);
      const { data } = readPackEntry(await this.spool.read(offset, length), 0);
      if (base === null) return deltas.reduceRight((body, delta) => applyDelta(body, delta), data);
      deltas.push(data);
      at = base;
    }
  }
}
