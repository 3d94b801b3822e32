import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyState, type State } from './model.js';

/** Each kind of object has its own sequence, so all new servers have the same ids. */
export type IdKind =
  | 'account'
  | 'repository'
  | 'app'
  | 'hook'
  | 'key'
  | 'installation'
  | 'installation_request'
  | 'pull_request'
  | 'status'
  | 'review'
  | 'issue_comment'
  | 'review_comment'
  | 'check_suite'
  | 'check_run';

/**
 * The state in memory and its file. Changes apply in memory at once; `flush` resolves when they are on disk. The file is
 * replaced by a rename, so a killed process leaves the old or the new file, never a partial one.
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
      // Lists that an older simulator did not write are empty.
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

  /** Writes all changes. Changes made during a write are combined into the next one. */
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
