import { setImmediate } from 'node:timers/promises';
import { formatBytes } from '../build-limits.js';
import type { RenderedPages } from '../cache/rendered-pages.js';
import { markdownPage } from '../markdown/markdown.page.js';
import { isNamedDescription } from '../openapi/detect.rules.js';
import { openapiPage } from '../openapi/openapi.page.js';
import type { Page } from '../page/page.js';
import type { ProblemLog } from '../problem-log.js';
import type { FailureCode } from '../problem.js';
import type { BuildInput, SourceFile } from '../site-builder.js';
import { SourceSyntaxError } from '../syntax/source-syntax.error.js';
import { encodingError } from './encoding.rules.js';
import { isLfsPointer } from './lfs.rules.js';
import { pageFolder } from './paths.rules.js';
import { stopAtPageLimit, type Snapshot } from './snapshot.js';

type MakePage = (source: SourceFile, text: string) => Page | undefined;

/** How many pages are looked up in the cache at once. */
const lookupsAtOnce = 32;

/** Reads every page and description. Those that cannot be understood are reported as failures and left out. */
export class PageLoader {
  /** Files of pages that failed: they exist, whatever links to them. */
  readonly failed = new Set<string>();
  /** The text of the files that pages include. */
  readonly partials = new Map<string, string>();
  #sourceBytes = 0;
  #cachedLength = 0;

  constructor(
    private readonly input: BuildInput,
    private readonly problems: ProblemLog,
    private readonly cache: RenderedPages,
  ) {}

  async load({ markdown, partials, data, sources }: Snapshot): Promise<Page[]> {
    const { limits } = this.input;
    for (const file of partials) {
      const text = await this.#read(file, limits.maxPageBytes);
      if (text !== undefined) this.partials.set(file.path, text);
    }
    const fromMarkdown = await this.#pages(markdown, sources, 'front-matter-invalid', markdownPage, (file) =>
      this.#read(file, limits.maxPageBytes),
    );
    const fromData = await this.#pages(data, sources, 'openapi-invalid', openapiPage, (file) => this.#readData(file));
    const pages = [...fromMarkdown, ...fromData];
    if (pages.length > limits.maxPages) stopAtPageLimit(limits.maxPages, this.problems);
    return pages;
  }

  async #pages(
    files: readonly SourceFile[],
    sources: ReadonlyMap<string, SourceFile>,
    code: FailureCode,
    make: MakePage,
    read: (file: SourceFile) => Promise<string | undefined>,
  ): Promise<Page[]> {
    const pages: Page[] = [];
    for (let start = 0; start < files.length; start += lookupsAtOnce) {
      const some = files.slice(start, start + lookupsAtOnce);
      const earlier = await Promise.all(some.map((file) => this.#fromCache(file, sources, make)));
      for (const [index, file] of some.entries()) {
        const known = earlier[index];
        const text = known ? undefined : await read(file);
        const page = known ?? (text === undefined ? undefined : this.#understand(file, code, () => make(file, text)));
        if (page && text !== undefined) this.#count(text);
        if (page) pages.push(page);
      }
    }
    return pages;
  }

  async #fromCache(
    source: SourceFile,
    sources: ReadonlyMap<string, SourceFile>,
    make: MakePage,
  ): Promise<Page | undefined> {
    const earlier = await this.cache.find(source, sources);
    if (!earlier || this.#cachedLength > this.input.limits.maxSourceBytes) return undefined;
    this.#cachedLength += earlier.rendered.html.markup.length;
    const { title, description, kind, rendered } = earlier;
    return {
      ...{ file: source.path, folder: pageFolder(source.path), title, description, kind, source, earlier: rendered },
      // Its links lead elsewhere than they did: it is read after all.
      render: async (context) => {
        const page = make(source, (await source.read()).toString('utf8'));
        if (!page) throw new Error(`${source.path} was a page and is none, though it is the same.`);
        return page.render(context);
      },
    };
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
      const message = `${formatBytes(size)} is over the limit of ${formatBytes(limit)} for a page; split it`;
      this.#fail(file, 'page-too-large', message);
      return undefined;
    }
    if (isLfsPointer(bytes)) {
      const message = 'its content is in Git LFS, which is not fetched; the page is left out';
      this.problems.warn({ code: 'lfs-pointer', message, file: file.path });
      return undefined;
    }
    const fault = encodingError(bytes);
    if (fault === undefined) return bytes.toString('utf8');
    this.#fail(file, 'encoding-unsupported', fault);
    return undefined;
  }

  #understand(file: SourceFile, code: FailureCode, parse: () => Page | undefined): Page | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof SourceSyntaxError)) throw error;
      this.#fail(file, code, error.reason, error.line);
      return undefined;
    }
  }

  #fail(file: SourceFile, code: FailureCode, message: string, line?: number): void {
    this.failed.add(file.path);
    this.problems.fail({ code, message, file: file.path, ...(line !== undefined && { line }) });
  }

  /** What is held in memory until it is written. */
  #count(text: string): void {
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
