import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyState, type State } from './model.js';

/** Each kind of object counts from 1 on its own, so two servers started side by side have the same ids. */
export type IdKind =
  | 'account'
  | 'repository'
  | 'app'
  | 'hook'
  | 'key'
  | 'installation'
  | 'pull_request'
  | 'status'
  | 'review'
  | 'check_suite'
  | 'check_run';

/**
 * The state in memory and its file. A change is made in memory at once; `flush` resolves when a file that holds it is
 * on disk. The file is written beside and renamed, so a killed process leaves the old or the new one, never half.
 */
export class Store {
  private dirty = false;
  private writing: Promise<void> | undefined;

  private constructor(
    private readonly file: string,
    readonly state: State,
    readonly isNew: boolean,
  ) {}

  static async open(folder: string): Promise<Store> {
    const file = join(folder, 'state.json');
    try {
      // What an older simulator did not know yet is empty.
      const state = { ...emptyState(), ...(JSON.parse(await readFile(file, 'utf8')) as Partial<State>) };
      return new Store(file, state, false);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return new Store(file, emptyState(), true);
    }
  }

  nextId(kind: IdKind): number {
    const id = (this.state.ids[kind] ?? 0) + 1;
    this.state.ids[kind] = id;
    this.dirty = true;
    return id;
  }

  change<T>(mutate: (state: State) => T): T {
    this.dirty = true;
    return mutate(this.state);
  }

  /** Changes that come while a write is under way go into the next one: many requests share a write. */
  async flush(): Promise<void> {
    while (this.dirty || this.writing) {
      this.writing ??= this.write().finally(() => (this.writing = undefined));
      await this.writing;
    }
  }

  private async write(): Promise<void> {
    this.dirty = false;
    const next = `${this.file}.tmp`;
    const handle = await open(next, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify(this.state));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(next, this.file);
  }
}
