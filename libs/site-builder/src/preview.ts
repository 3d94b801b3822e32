import { defaultBuildLimits } from './build-limits.js';
import type { RewriteLink } from './links/page-links.js';
import { resolveReference } from './links/links.rules.js';
import { markdownPage } from './markdown/markdown.page.js';
import { escapeHtml } from './page/html.template.js';
import { encodePath, isPartial } from './source/paths.rules.js';

export interface PreviewInput {
  /** Path of the page below the root folder. */
  readonly path: string;
  readonly text: string;
  /** Files that the page uses, by path: the text of a partial, the `data:` address of an image; null if it does not exist. */
  readonly files: Readonly<Record<string, string | null>>;
}

export interface PagePreview {
  /** Sanitized markup of the article. */
  readonly html: string;
  /** Paths of partials and images that the page uses and `files` does not have. */
  readonly missing: readonly string[];
}

const IMAGE = /\.(?:avif|gif|jpe?g|png|svg|webp)$/i;

/**
 * Renders the article of one Markdown page as a build does, without reading other files: links are not checked, and
 * code of other files is not shown. Runs in browsers too.
 *
 * @throws PageTooComplexError
 */
export async function previewMarkdown({ path, text, files }: PreviewInput): Promise<PagePreview> {
  const missing = new Set<string>();
  const images = new Map<string, string>();
  const fileAt = (name: string): string | undefined => {
    const file = files[name];
    if (file === undefined) missing.add(name);
    return file ?? undefined;
  };
  const rewriter = (from: string): RewriteLink => {
    return (written) => {
      const reference = resolveReference(written, from);
      if (reference.kind === 'rejected') return undefined;
      if (reference.kind !== 'path') return reference.href;
      const address = `/${encodePath(reference.path)}`;
      if (IMAGE.test(reference.path)) {
        const image = fileAt(reference.path);
        // The frame of a preview cannot load it: its alternative text is shown.
        if (image === undefined) return undefined;
        images.set(escapeHtml(address), image);
      }
      return address + reference.suffix;
    };
  };
  const source = { path, mode: '100644' as const, read: () => Promise.reject(new Error('A preview reads no files.')) };
  const body = await markdownPage(source, text).render({
    rewriter,
    partials: new Partials(fileAt),
    sources: new Map(),
    ignored: new Set<string>(),
    limits: defaultBuildLimits,
  });
  // The sanitizer drops `data:` addresses, which authors may not write.
  const html = body.html.markup.replace(/ src="(\/[^"?#]*)"/g, (written, address: string) => {
    const image = images.get(address);
    return image === undefined ? written : ` src="${escapeHtml(image)}"`;
  });
  return { html, missing: [...missing] };
}

/** Looks partials up when they are included. */
class Partials extends Map<string, string> {
  constructor(private readonly fileAt: (path: string) => string | undefined) {
    super();
  }

  override get(path: string): string | undefined {
    return isPartial(path) ? this.fileAt(path) : undefined;
  }
}
