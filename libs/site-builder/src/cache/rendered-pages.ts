import { hash } from 'node:crypto';
import { trusted } from '../page/html.template.js';
import type { Page, RenderedPage } from '../page/page.js';
import type { PageCache, SourceFile } from '../site-builder.js';

/** Version of the rendered output. Increment it with every change of the output, to invalidate cached pages. */
export const RENDERER_VERSION = '20';

/** Pages with more links are not cached. */
const MAX_LINKS = 10_000;

/** A cached page. Its source need not be read. */
export interface EarlierPage {
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly kind: Page['kind'];
  readonly rendered: RenderedPage;
  /** Size of the entry. */
  readonly bytes: number;
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

  /** @returns the page with its key, if it was stored */
  async keep(
    { source, title, description, kind }: Page,
    rendered: RenderedPage,
    sources: ReadonlyMap<string, SourceFile>,
  ): Promise<RenderedPage> {
    const hasKnownIncludes = rendered.includes.every(({ file, id }) => id !== undefined || !sources.has(file));
    if (!this.cache || source.id === undefined || !hasKnownIncludes || rendered.links.length > MAX_LINKS)
      return rendered;
    const { html, attachment, search, headings: all, ...body } = rendered;
    const details = { title, description, kind, rendered: body, attachment: attachment?.path };
    const { headings, text = '' } = search;
    const texts = [JSON.stringify(details), html.markup, attachment?.body ?? '', headings, text, JSON.stringify(all)];
    const { entry, key } = encodeEntry(texts);
    await this.attempt((cache) => cache.set(keyOf(source, source.id), entry));
    return { ...rendered, key };
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
  return `${RENDERER_VERSION} ${id ?? ''} ${path}`;
}

/** In characters of base64: 128 bits. */
const KEY_LENGTH = 22;

/** Identifies a list of texts. */
export function hashOf(...texts: readonly string[]): string {
  // Lengths keep texts apart: `ab, c` and `a, bc` have different hashes.
  const joined = texts.map((text) => `${text.length}:${text}`).join('');
  return hash('sha256', joined, 'base64url').slice(0, KEY_LENGTH);
}

/** The key of the texts, and each text after its length. In one buffer: pages are large. */
function encodeEntry(texts: readonly string[]): { readonly entry: Buffer; readonly key: string } {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const entry = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, KEY_LENGTH));
  let at = KEY_LENGTH;
  for (const [index, text] of texts.entries()) {
    at = entry.writeUInt32LE(lengths[index] ?? 0, at);
    at += entry.write(text, at);
  }
  const key = hash('sha256', entry.subarray(KEY_LENGTH), 'base64url').slice(0, KEY_LENGTH);
  entry.write(key, 0, 'latin1');
  return { entry, key };
}

/** The key and the texts of an entry. */
type EntryTexts = readonly [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];

/** Returns undefined if the bytes are not a key and six texts. */
function decodeEntry(bytes: Buffer): EntryTexts | undefined {
  const texts = [bytes.subarray(0, KEY_LENGTH)];
  for (let at = KEY_LENGTH; at + 4 <= bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    if (end > bytes.length) return undefined;
    texts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return texts.length === 7 ? (texts as unknown as EntryTexts) : undefined;
}

type Details = Omit<EarlierPage, 'rendered' | 'bytes'> & {
  readonly rendered: Omit<RenderedPage, 'html' | 'attachment' | 'key' | 'search' | 'headings'>;
  readonly attachment?: string;
};

/** Texts are decoded on first use: a page that has not changed is not needed. */
function read(bytes: Buffer): EarlierPage | undefined {
  const entry = decodeEntry(bytes);
  if (!entry) return undefined;
  const [key, details, html, attachment, headings, text, all] = entry;
  try {
    const { rendered, attachment: path, ...page } = JSON.parse(details.toString('utf8')) as Details;
    const body: RenderedPage = {
      ...rendered,
      key: key.toString('utf8'),
      get html() {
        return trusted(html.toString('utf8'));
      },
      get headings() {
        return JSON.parse(all.toString('utf8')) as RenderedPage['headings'];
      },
      search: {
        headings: headings.toString('utf8'),
        ...(text.length > 0 && { text: text.toString('utf8') }),
      },
      ...(path !== undefined && {
        attachment: {
          path,
          get body() {
            return attachment.toString('utf8');
          },
        },
      }),
    };
    return { ...page, bytes: bytes.length, rendered: body };
  } catch {
    return undefined;
  }
}
