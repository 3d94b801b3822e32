import { hash } from 'node:crypto';
import { trusted } from '../page/html.template.js';
import type { Page, RenderedPage } from '../page/page.js';
import type { PageCache, SourceFile } from '../site-builder.js';

/** Version of the rendered output. Increment it with every change of the output, to invalidate cached pages. */
export const RENDERER_VERSION = '16';

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
    const { html, attachment, ...body } = rendered;
    const details = { title, description, kind, rendered: body, attachment: attachment?.path };
    const content = encodeTexts([JSON.stringify(details), html.markup, attachment?.body ?? '']);
    const key = hash('sha256', content, 'base64url').slice(0, KEY_LENGTH);
    const entry = Buffer.concat([encodeTexts([key]), content]);
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
  return hashOf(RENDERER_VERSION, id ?? '', path);
}

/** In characters of base64: 128 bits. */
const KEY_LENGTH = 22;

/** Identifies a list of texts. */
export function hashOf(...texts: readonly string[]): string {
  // Lengths keep texts apart: `ab, c` and `a, bc` have different hashes.
  const joined = texts.map((text) => `${text.length}:${text}`).join('');
  return hash('sha256', joined, 'base64url').slice(0, KEY_LENGTH);
}

/** Each text after its length. */
function encodeTexts(texts: readonly string[]): Buffer {
  const parts = texts.flatMap((text) => {
    const body = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(body.length);
    return [length, body];
  });
  return Buffer.concat(parts);
}

/** Returns undefined if the bytes are not four texts. */
function decodeEntry(bytes: Buffer): [key: Buffer, details: Buffer, html: Buffer, attachment: Buffer] | undefined {
  const texts: Buffer[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    if (end > bytes.length) return undefined;
    texts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  const [key, details, html, attachment] = texts;
  return texts.length === 4 && key && details && html && attachment ? [key, details, html, attachment] : undefined;
}

type Details = Omit<EarlierPage, 'rendered' | 'bytes'> & {
  readonly rendered: Omit<RenderedPage, 'html' | 'attachment' | 'key'>;
  readonly attachment?: string;
};

/** Texts are decoded on first use: a page that has not changed is not needed. */
function read(bytes: Buffer): EarlierPage | undefined {
  const entry = decodeEntry(bytes);
  if (!entry) return undefined;
  const [key, details, html, attachment] = entry;
  try {
    const { rendered, attachment: path, ...page } = JSON.parse(details.toString('utf8')) as Details;
    const body: RenderedPage = {
      ...rendered,
      key: key.toString('utf8'),
      get html() {
        return trusted(html.toString('utf8'));
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
