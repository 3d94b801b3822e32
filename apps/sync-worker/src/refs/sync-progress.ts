import { recordSyncProgress } from '@reunite/repositories';
import type { StartedSync, SyncProgress } from '@reunite/repositories';
import type { EntityManager } from 'typeorm';

/** A sync that is shorter writes nothing. */
const INTERVAL_MS = 1_000;

/** Writes the progress of one sync at most once a second. Errors are ignored, because the sync does not depend on it. */
export class SyncProgressWriter {
  private nextAt = Date.now() + INTERVAL_MS;
  private writing = Promise.resolve();

  /** @param announce called after each write */
  constructor(
    private readonly db: EntityManager,
    private readonly ref: StartedSync,
    private readonly announce: () => Promise<void>,
  ) {}

  report(progress: SyncProgress): void {
    if (Date.now() < this.nextAt) return;
    this.nextAt = Date.now() + INTERVAL_MS;
    this.writing = this.writing.then(() => this.write(progress)).catch(() => undefined);
  }

  /** Resolves when the last write is done, so that it does not follow the result. */
  finish(): Promise<void> {
    this.nextAt = Infinity;
    return this.writing;
  }

  private async write(progress: SyncProgress): Promise<void> {
    if (await recordSyncProgress(this.db, this.ref, progress)) await this.announce();
  }
}
