import { formatBytes } from '../build-limits.js';
import type { ProblemLog } from '../problem-log.js';
import type { OutputFile, WriteFile } from '../site-builder.js';
import { ancestorsOf, unsafePathReason } from '../source/paths.rules.js';

/** The paths of a site, each given away once, and none both a file and a folder. */
export class OutputPaths {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  claim(path: string): boolean {
    const above = ancestorsOf(path);
    if (this.#files.has(path) || this.#folders.has(path)) return false;
    if (above.some((folder) => this.#files.has(folder))) return false;
    this.#files.add(path);
    for (const folder of above) this.#folders.add(folder);
    return true;
  }
}

/** Files that may be on their way to the disk while further pages are rendered. */
const WRITES_AT_ONCE = 16;

/** Hands the files of the site out, and counts them. */
export class SiteWriter {
  readonly #writing = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  #files = 0;
  #bytes = 0;

  constructor(
    private readonly write: WriteFile,
    private readonly maxOutputBytes: number,
    private readonly problems: ProblemLog,
  ) {}

  get totals(): { readonly files: number; readonly bytes: number } {
    return { files: this.#files, bytes: this.#bytes };
  }

  /**
   * Resolves when there is room for the next one, which may be before this one is written.
   *
   * @throws BuildFailedError when the site becomes too large, and then the file that is too much is not written; or what
   *   writing a file before threw
   */
  async add(file: OutputFile): Promise<void> {
    const unsafe = unsafePathReason(file.path);
    if (unsafe !== undefined)
      throw new Error(`The site builder made the path ${JSON.stringify(file.path)}: ${unsafe}.`);
    this.#files += 1;
    this.#bytes += typeof file.body === 'string' ? Buffer.byteLength(file.body) : file.body.length;
    if (this.#bytes > this.maxOutputBytes) {
      const message = `the site is larger than ${formatBytes(this.maxOutputBytes)}, the limit of a build`;
      this.problems.stop({ code: 'output-too-large', message });
    }
    if (this.#writing.size >= WRITES_AT_ONCE) await Promise.race(this.#writing);
    if (this.#failure) throw this.#failure.error;
    const writing: Promise<void> = this.write(file)
      .catch((error: unknown) => void (this.#failure ??= { error }))
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  /** Nothing is written any more after this, however the build ended. @throws what writing a file threw */
  async end(): Promise<void> {
    await Promise.all(this.#writing);
    if (this.#failure) throw this.#failure.error;
  }
}
