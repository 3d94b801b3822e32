import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder to be thrown away. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'content-store-'));

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
