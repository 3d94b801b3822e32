import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder of one test. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'content-store-'));

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
