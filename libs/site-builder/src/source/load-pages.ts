import { setImmediate } from 'node:timers/promises';
import { formatBytes } from '../build-limits.js';
import { markdownPage } from '../markdown/markdown.page.js';
import { isNamedDescription } from '../openapi/detect.rules.js';
import { openapiPage } from '../openapi/openapi.page.js';
import type { Page } from '../page/page.js';
import type { ProblemLog } from '../problem-log.js';
import type { FailureCode } from '../problem.js';
import type { BuildInput, SourceFile } from '../site-builder.js';
import { SourceSyntaxError } from '../syntax/source-syntax.error.js';
import { isLfsPointer } from './lfs.rules.js';
import { stopAtPageLimit, type Snapshot } from './snapshot.js';

/** Reads every page and description. Those that cannot be understood are reported as failures and left out. */
export class PageLoader {
  #sourceBytes = 0;

  constructor(
    private readonly input: BuildInput,
    private readonly problems: ProblemLog,
  ) {}

  async load({ markdown, data }: Snapshot): Promise<Page[]> {
    const pages: Page[] = [];
    for (const file of markdown) {
      const text = await this.#read(file, this.input.limits.maxPageBytes);
      if (text !== undefined)
        pages.push(...this.#understand(file, 'front-matter-invalid', () => markdownPage(file.path, text)));
    }
    for (const file of data) {
      const text = await this.#readData(file);
      if (text !== undefined)
        pages.push(...this.#understand(file, 'openapi-invalid', () => openapiPage(file.path, text)));
      if (pages.length > this.input.limits.maxPages) stopAtPageLimit(this.input.limits.maxPages, this.problems);
    }
    return pages;
  }

  /** Data that is too big to be looked into is data, unless its name says that it is a page. */
  async #readData(file: SourceFile): Promise<string | undefined> {
    const limit = this.input.limits.maxDescriptionBytes;
    if (isNamedDescription(file.path)) return this.#read(file, limit);
    if ((file.size ?? 0) > limit) return undefined;
    await this.#breathe();
    const bytes = await file.read();
    return bytes.length > limit || isLfsPointer(bytes) ? undefined : bytes.toString('utf8');
  }

  async #read(file: SourceFile, limit: number): Promise<string | undefined> {
    await this.#breathe();
    // A file that says it is too large is not even read.
    const bytes = (file.size ?? 0) > limit ? undefined : await file.read();
    const size = bytes?.length ?? file.size ?? 0;
    if (bytes === undefined || size > limit) {
      this.#reportTooLarge(file, size, limit);
      return undefined;
    }
    if (!isLfsPointer(bytes)) return bytes.toString('utf8');
    const message = 'its content is in Git LFS, which is not fetched; the page is left out';
    this.problems.warn({ code: 'lfs-pointer', message, file: file.path });
    return undefined;
  }

  #reportTooLarge(file: SourceFile, size: number, limit: number): void {
    const message = `${formatBytes(size)} is over the limit of ${formatBytes(limit)} for a page; split it`;
    this.problems.fail({ code: 'page-too-large', message, file: file.path });
  }

  #understand(file: SourceFile, code: FailureCode, parse: () => Page | undefined): Page[] {
    try {
      const page = parse();
      if (page) this.#countSource(page);
      return page ? [page] : [];
    } catch (error) {
      if (!(error instanceof SourceSyntaxError)) throw error;
      const { reason, line } = error;
      this.problems.fail({ code, message: reason, file: file.path, ...(line !== undefined && { line }) });
      return [];
    }
  }

  #countSource({ text }: Page): void {
    const { maxSourceBytes } = this.input.limits;
    this.#sourceBytes += Buffer.byteLength(text);
    if (this.#sourceBytes <= maxSourceBytes) return;
    const message = `the pages are together larger than ${formatBytes(maxSourceBytes)}, the limit of a build`;
    this.problems.stop({ code: 'source-too-large', message });
  }

  /** Parsing blocks the event loop; between two files timers and cancellation get their turn. */
  async #breathe(): Promise<void> {
    await setImmediate();
    this.input.signal.throwIfAborted();
  }
}
