import { formatBytes } from '../build-limits.js';
import type { ProblemLog } from '../problem-log.js';
import type { OutputFile, ReuseFile, WriteFile } from '../site-builder.js';
import { unsafePathReason } from '../source/paths.rules.js';

/** Reserves output paths: each is used once, and none is both a file and a folder. */
export class OutputPaths {
  private readonly files = new Set<string>();
  private readonly folders = new Set<string>();

  claim(path: string): boolean {
    if (this.files.has(path) || this.folders.has(path)) return false;
    const added: string[] = [];
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      // Those above it are folders as well.
      if (this.folders.has(folder)) break;
      if (this.files.has(folder)) return false;
      added.push(folder);
    }
    this.files.add(path);
    for (const folder of added) this.folders.add(folder);
    return true;
  }
}

/** Files being written while further pages are rendered. */
const WRITE_CONCURRENCY = 16;

/** Writes the files of the site and counts them. */
export class SiteWriter {
  private readonly writing = new Set<Promise<void>>();
  private failure: { readonly error: unknown } | undefined;
  private files = 0;
  private bytes = 0;

  constructor(
    private readonly write: WriteFile,
    private readonly maxOutputBytes: number,
    private readonly problems: ProblemLog,
    private readonly takeOver: ReuseFile = () => undefined,
  ) {}

  get totals(): { readonly files: number; readonly bytes: number } {
    return { files: this.files, bytes: this.bytes };
  }

  /** @returns false if the file must be written because the earlier site does not have it */
  reuse(path: string, key: string | undefined): boolean {
    const bytes = key === undefined ? undefined : this.takeOver(path, key);
    if (bytes === undefined) return false;
    this.count(bytes);
    return true;
  }

  /**
   * Resolves once the next file can be added, which may be before this one is written.
   *
   * @throws BuildFailedError if the site becomes too large; then the file is not written
   * @throws the error of an earlier write
   */
  async add(file: OutputFile): Promise<void> {
    const unsafe = unsafePathReason(file.path);
    if (unsafe !== undefined) throw new Error(`Invalid output path ${JSON.stringify(file.path)}: ${unsafe}.`);
    this.count(typeof file.body === 'string' ? Buffer.byteLength(file.body) : file.body.length);
    if (this.writing.size >= WRITE_CONCURRENCY) await Promise.race(this.writing);
    if (this.failure) throw this.failure.error;
    const writing: Promise<void> = this.write(file)
      .catch((error: unknown) => void (this.failure ??= { error }))
      .finally(() => this.writing.delete(writing));
    this.writing.add(writing);
  }

  private count(bytes: number): void {
    this.files += 1;
    this.bytes += bytes;
    if (this.bytes <= this.maxOutputBytes) return;
    const message = `the site is larger than ${formatBytes(this.maxOutputBytes)}, the limit of a build`;
    this.problems.stop({ code: 'output-too-large', message });
  }

  /** Waits for all writes. @throws the error of the first failed write */
  async end(): Promise<void> {
    await Promise.all(this.writing);
    if (this.failure) throw this.failure.error;
  }
}
