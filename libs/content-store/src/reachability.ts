import { MalformedObjectError, parseCommit, parseTree } from '@reunite/git-objects';
import { CorruptObjectError } from './corrupt-object.error.js';
import type { ObjectReader } from './object-reader.js';
import type { PackIndex } from './pack-index.js';
import type { IndexView } from './repository-index.js';

/** Why an object is kept. */
export const UNREACHED = 0;
/** A root reaches it. */
export const REACHED = 1;
/** Only a snapshot reaches it that was marked as complete until now. */
export const COMPLETE = 2;
/** Only a delta needs it. */
export const BASE = 3;

/** Finds out which objects are kept, with one byte of memory for each. */
export class Reachability {
  private readonly reasons: Uint8Array;

  /** @param objects those of the view */
  constructor(
    private readonly objects: PackIndex,
    private readonly view: IndexView,
    private readonly reader: ObjectReader,
    private readonly repositoryId: string,
  ) {
    this.reasons = new Uint8Array(objects.size);
  }

  /** Why the object in a row is kept. */
  reason(row: number): number {
    return this.reasons[row] ?? UNREACHED;
  }

  /**
   * Keeps the objects in these rows, and all below them: the tree of a commit, but not its parents. Objects that are kept
   * already keep their reason.
   *
   * @throws CorruptObjectError
   */
  async keep(rows: Iterable<number>, reason: number): Promise<void> {
    const pending: number[] = [];
    const visit = (row: number) => {
      if (row < 0 || this.reason(row) !== UNREACHED) return;
      this.reasons[row] = reason;
      pending.push(row);
    };
    for (const first of rows) {
      visit(first);
      for (let row = pending.pop(); row !== undefined; row = pending.pop()) {
        for (const id of await this.below(row)) visit(this.rowOf(id));
      }
    }
  }

  /** Keeps the object in a row because a delta is based on it. @returns false if it was kept already */
  keepBase(row: number): boolean {
    if (this.reason(row) !== UNREACHED) return false;
    this.reasons[row] = BASE;
    return true;
  }

  rowOf(id: string): number {
    return this.objects.rowOf(Buffer.from(id, 'hex'));
  }

  private async below(row: number): Promise<string[]> {
    const { id, type } = this.objects.row(row);
    if (type !== 'commit' && type !== 'tree') return [];
    const object = await this.reader.read(this.view, id);
    try {
      if (type === 'commit') return [parseCommit(object?.body ?? Buffer.alloc(0)).tree];
      // The id of a submodule is a commit of another repository.
      const entries = parseTree(object?.body ?? Buffer.alloc(0));
      return entries.filter(({ mode }) => mode !== '160000').map((entry) => entry.id);
    } catch (cause) {
      if (!(cause instanceof MalformedObjectError)) throw cause;
      throw new CorruptObjectError(this.repositoryId, `object ${id} cannot be read`, { cause });
    }
  }
}
