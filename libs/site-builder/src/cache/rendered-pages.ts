import { createHash } from 'node:crypto';
import { trusted } from '../page/html.template.js';
import type { Page, RenderedPage } from '../page/page.js';
import type { PageCache, SourceFile } from '../site-builder.js';
import { isRecord } from '../syntax/values.rules.js';

/** Version of the rendered output. Increment it with every change of the output, to invalidate cached pages. */
export const RENDERER_VERSION = '10';

/** Pages with more links are not cached. */
const MAX_LINKS = 10_000;

/** A cached page. Its source need not be read. */
export interface EarlierPage {
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly kind: Page['kind'];
  readonly rendered: RenderedPage;
}

/**
 * The cache of rendered pages, keyed by renderer version, source and path. A failing cache costs time, never the build.
 */
export class RenderedPages {
  private failed: unknown;

  constructor(private readonly cache: PageCache | undefined) {}

  /** The error that disabled the cache, if any. */
  get failure(): unknown {
    return this.failed;
  }

  /** @returns the cached page, unless a file that it includes has changed */
  async find(source: SourceFile, sources: ReadonlyMap<string, SourceFile>): Promise<EarlierPage | undefined> {
    if (source.id === undefined) return undefined;
    const bytes = await this.attempt((cache) => cache.get(keyOf(source, source.id)));
    const earlier = bytes && read(bytes);
    const same = earlier?.rendered.includes.every(({ file, id }) => sources.get(file)?.id === id);
    return same === true ? earlier : undefined;
  }

  async keep(
    { source, title, description, kind }: Page,
    rendered: RenderedPage,
    sources: ReadonlyMap<string, SourceFile>,
  ): Promise<void> {
    const hasKnownIncludes = rendered.includes.every(({ file, id }) => id !== undefined || !sources.has(file));
    if (source.id === undefined || !hasKnownIncludes || rendered.links.length > MAX_LINKS) return;
    const body = { ...rendered, html: rendered.html.markup };
    const entry = Buffer.from(JSON.stringify({ title, description, kind, rendered: body }));
    await this.attempt((cache) => cache.set(keyOf(source, source.id), entry));
  }

  private async attempt<Result>(use: (cache: PageCache) => Promise<Result>): Promise<Result | undefined> {
    if (!this.cache || this.failed !== undefined) return undefined;
    try {
      return await use(this.cache);
    } catch (error) {
      this.failed = error;
      return undefined;
    }
  }
}

function keyOf({ path }: SourceFile, id: string | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify([RENDERER_VERSION, id, path]))
    .digest('hex');
}

function read(bytes: Buffer): EarlierPage | undefined {
  try {
    const entry = JSON.parse(bytes.toString('utf8')) as unknown;
    if (!isRecord(entry) || !isRecord(entry['rendered']) || typeof entry['rendered']['html'] !== 'string')
      return undefined;
    const { rendered, ...page } = entry as unknown as Omit<EarlierPage, 'rendered'> & {
      readonly rendered: Omit<RenderedPage, 'html'> & { readonly html: string };
    };
    return { ...page, rendered: { ...rendered, html: trusted(rendered.html) } };
  } catch {
    return undefined;
  }
}
