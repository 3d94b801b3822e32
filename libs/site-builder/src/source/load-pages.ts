import { formatBytes } from '../build-limits.js';
import type { RenderedPages } from '../cache/rendered-pages.js';
import { markdownPage } from '../markdown/markdown.page.js';
import { isNamedDescription } from '../openapi/detect.rules.js';
import { openapiPage } from '../openapi/openapi.page.js';
import { outlinePage } from '../openapi/outline.page.js';
import type { Page } from '../page/page.js';
import type { ProblemLog } from '../problem-log.js';
import type { PageErrorCode } from '../problem.js';
import type { BuildInput, SourceFile } from '../site-builder.js';
import { EventLoopTurns } from '../event-loop-turns.js';
import { contentErrorOf } from '../page/content-error.rules.js';
import { encodingError, isLfsPointer } from './file-content.rules.js';
import { pageFolder } from './paths.rules.js';
import { stopAtPageLimit, type Snapshot } from './snapshot.js';

type MakePage = (source: SourceFile, text: string) => Page | undefined;

/** The page of a description; undefined for other data. */
function dataPage(source: SourceFile, text: string): Page | undefined {
  return openapiPage(source, text) ?? outlinePage(source, text);
}

/** Concurrent lookups in the page cache. */
const CACHE_CONCURRENCY = 32;

/** Reads every page and description. Reports those that cannot be parsed and skips them. */
export class PageLoader {
  /** Why files could not be read as pages, by path. */
  readonly failed = new Map<string, string>();
  /** The text of included files, by path. */
  readonly partials = new Map<string, string>();
  private readonly turns = new EventLoopTurns();
  private sourceBytes = 0;
  private cachedBytes = 0;

  constructor(
    private readonly input: BuildInput,
    private readonly problems: ProblemLog,
    private readonly cache: RenderedPages,
  ) {}

  async load({ markdown, partials, data, sources }: Snapshot): Promise<Page[]> {
    const { limits } = this.input;
    for (const file of partials) {
      const text = await this.read(file, limits.maxPageBytes);
      if (text !== undefined) this.partials.set(file.path, text);
    }
    const readPage = (file: SourceFile) => this.read(file, limits.maxPageBytes);
    const fromMarkdown = await this.pages(markdown, sources, markdownPage, readPage);
    const fromData = await this.pages(data, sources, dataPage, (file) => this.readData(file));
    const pages = [...fromMarkdown, ...fromData];
    if (pages.length > limits.maxPages) stopAtPageLimit(limits.maxPages, this.problems);
    return pages;
  }

  private async pages(
    files: readonly SourceFile[],
    sources: ReadonlyMap<string, SourceFile>,
    make: MakePage,
    read: (file: SourceFile) => Promise<string | undefined>,
  ): Promise<Page[]> {
    const pages: Page[] = [];
    for (let start = 0; start < files.length; start += CACHE_CONCURRENCY) {
      const some = files.slice(start, start + CACHE_CONCURRENCY);
      const earlier = await Promise.all(some.map((file) => this.fromCache(file, sources, make)));
      for (const [index, file] of some.entries()) {
        const cached = earlier[index];
        const text = cached ? undefined : await read(file);
        const page = cached ?? (text === undefined ? undefined : this.parse(file, () => make(file, text)));
        if (page && text !== undefined) this.count(text);
        if (page) pages.push(page);
      }
    }
    return pages;
  }

  private async fromCache(
    source: SourceFile,
    sources: ReadonlyMap<string, SourceFile>,
    make: MakePage,
  ): Promise<Page | undefined> {
    const earlier = await this.cache.find(source, sources);
    if (!earlier || this.cachedBytes > this.input.limits.maxSourceBytes) return undefined;
    this.cachedBytes += earlier.bytes;
    const { title, description, kind, rendered } = earlier;
    return {
      file: source.path,
      folder: pageFolder(source.path),
      title,
      description,
      kind,
      source,
      earlier: rendered,
      // Called if links lead elsewhere than they did: then the source is read after all.
      render: async (context) => {
        const page = make(source, (await source.read()).toString('utf8'));
        if (!page) throw new Error(`The cached page ${source.path} is not a page, although its source is unchanged.`);
        return page.render(context);
      },
    };
  }

  /** A data file that is too large to inspect is not a page, unless its name marks it as a description. */
  private async readData(file: SourceFile): Promise<string | undefined> {
    const limit = this.input.limits.maxDescriptionBytes;
    if (isNamedDescription(file.path)) return this.read(file, limit);
    if ((file.size ?? 0) > limit) return undefined;
    await this.yieldToEventLoop();
    const bytes = await file.read();
    return bytes.length > limit || isLfsPointer(bytes) ? undefined : bytes.toString('utf8');
  }

  private async read(file: SourceFile, limit: number): Promise<string | undefined> {
    await this.yieldToEventLoop();
    // A file of a known size over the limit is not read.
    const bytes = (file.size ?? 0) > limit ? undefined : await file.read();
    const size = bytes?.length ?? file.size ?? 0;
    if (bytes === undefined || size > limit) {
      const message = `${formatBytes(size)} is over the limit of ${formatBytes(limit)} for a page; split it`;
      this.fail(file, 'page-too-large', message);
      return undefined;
    }
    if (isLfsPointer(bytes)) {
      const message = 'the page is in Git LFS, which is not fetched; it is skipped';
      this.problems.warn({ code: 'lfs-pointer', message, file: file.path });
      this.failed.set(file.path, 'it is in Git LFS, which is not fetched');
      return undefined;
    }
    const reason = encodingError(bytes);
    if (reason === undefined) return bytes.toString('utf8');
    this.fail(file, 'encoding-unsupported', reason);
    return undefined;
  }

  private parse(file: SourceFile, parse: () => Page | undefined): Page | undefined {
    try {
      return parse();
    } catch (error) {
      const { code, message, line } = contentErrorOf(error, 'openapi-invalid');
      this.fail(file, code, message, line);
      return undefined;
    }
  }

  private fail(file: SourceFile, code: PageErrorCode, message: string, line?: number): void {
    this.failed.set(file.path, 'it has an error');
    this.problems.fail({ code, message, file: file.path, ...(line !== undefined && { line }) });
  }

  /** Limits the text that stays in memory until it is rendered. */
  private count(text: string): void {
    const { maxSourceBytes } = this.input.limits;
    this.sourceBytes += Buffer.byteLength(text);
    if (this.sourceBytes <= maxSourceBytes) return;
    const message = `the pages are together larger than ${formatBytes(maxSourceBytes)}, the limit of a build`;
    this.problems.stop({ code: 'source-too-large', message });
  }

  /** Parsing blocks the event loop. */
  private async yieldToEventLoop(): Promise<void> {
    await this.turns.next();
    this.input.signal.throwIfAborted();
  }
}
