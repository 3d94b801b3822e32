import { createHash } from 'node:crypto';
import { trusted } from '../page/html.template.js';
import type { Page, RenderedPage } from '../page/page.js';
import type { PageCache, SourceFile } from '../site-builder.js';
import { isRecord } from '../syntax/values.rules.js';

/** Says how pages are rendered. To be raised with every change to it, else sites keep what was rendered before. */
export const rendererVersion = '6';

/** Pages with more links are rendered each time. */
const maxLinks = 10_000;

/** What is kept of a page: with it, its source need not even be read. */
export interface EarlierPage {
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly kind: Page['kind'];
  readonly rendered: RenderedPage;
}

/**
 * The bodies of pages between two builds, by what they are made of: our version, the source and its path. A cache that
 * fails costs time, never the build.
 */
export class RenderedPages {
  #failed: unknown;

  constructor(private readonly cache: PageCache | undefined) {}

  /** Why the cache could not be used, if it could not. */
  get failure(): unknown {
    return this.#failed;
  }

  /** @returns the page as it was, unless a file that it includes has changed */
  async find(source: SourceFile, sources: ReadonlyMap<string, SourceFile>): Promise<EarlierPage | undefined> {
    if (source.id === undefined) return undefined;
    const bytes = await this.#attempt((cache) => cache.get(keyOf(source, source.id)));
    const earlier = bytes && read(bytes);
    const same = earlier?.rendered.includes.every(({ file, id }) => sources.get(file)?.id === id);
    return same === true ? earlier : undefined;
  }

  async keep(
    { source, title, description, kind }: Page,
    rendered: RenderedPage,
    sources: ReadonlyMap<string, SourceFile>,
  ): Promise<void> {
    const known = rendered.includes.every(({ file, id }) => id !== undefined || !sources.has(file));
    if (source.id === undefined || !known || rendered.links.length > maxLinks) return;
    const body = { ...rendered, html: rendered.html.markup };
    const entry = Buffer.from(JSON.stringify({ title, description, kind, rendered: body }));
    await this.#attempt((cache) => cache.set(keyOf(source, source.id), entry));
  }

  async #attempt<Result>(use: (cache: PageCache) => Promise<Result>): Promise<Result | undefined> {
    if (!this.cache || this.#failed !== undefined) return undefined;
    try {
      return await use(this.cache);
    } catch (error) {
      this.#failed = error;
      return undefined;
    }
  }
}

function keyOf({ path }: SourceFile, id: string | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify([rendererVersion, id, path]))
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
