import type { Token } from 'markdown-it';
import { resolveReference } from '../links/links.rules.js';
import { html } from '../page/html.template.js';
import type { Include, Page, PageBody, RenderContext } from '../page/page.js';
import { PageTooComplexError } from '../page/page-too-complex.error.js';
import type { WarningDetails } from '../problem.js';
import type { SourceFile } from '../site-builder.js';
import { isPartial, pageFolder } from '../source/paths.rules.js';
import { splitFrontMatter, type FrontMatterDiagnostic } from '../syntax/front-matter.rules.js';
import { renderMarkdown, titleOf, type MarkdownContext } from './markdown.renderer.js';

export function markdownPage(source: SourceFile, text: string): Page {
  const { frontMatter, body, firstLine, diagnostic } = splitFrontMatter(text);
  return {
    file: source.path,
    folder: pageFolder(source.path),
    title: frontMatter.title ?? titleOf(body, source.path),
    description: frontMatter.description,
    kind: 'article',
    source,
    render(context) {
      const rendered = withDiagnostic(
        new PageRenderer(source.path, context).render(body, firstLine),
        source,
        diagnostic,
      );
      const needsTitle = frontMatter.title !== undefined && !rendered.headings.some(({ level }) => level === 1);
      if (!needsTitle) return rendered;
      return {
        ...rendered,
        html: html`<h1>${frontMatter.title}</h1>
          ${rendered.html}`,
      };
    },
  };
}

function withDiagnostic(
  body: PageBody,
  { path: file }: SourceFile,
  diagnostic: FrontMatterDiagnostic | undefined,
): PageBody {
  if (!diagnostic) return body;
  const { code, reason: message, line } = diagnostic;
  return code === 'front-matter-invalid'
    ? { ...body, errors: [{ code, message, file, line }] }
    : { ...body, warnings: [{ code, message, file, line }, ...body.warnings] };
}

const MAX_INCLUDE_DEPTH = 10;

/** Renders one page with its includes. */
class PageRenderer {
  private readonly warnings: WarningDetails[] = [];
  private readonly includes = new Map<string, Include>();
  private bytes = 0;

  constructor(
    private readonly file: string,
    private readonly site: RenderContext,
  ) {}

  render(text: string, firstLine: number): PageBody {
    const rendered = renderMarkdown(text, this.context([this.file], firstLine));
    return { ...rendered, warnings: this.warnings, includes: [...this.includes.values()] };
  }

  private context(open: readonly string[], firstLine: number): MarkdownContext {
    const file = open.at(-1) ?? this.file;
    const warn: MarkdownContext['warn'] = (code, message, { map }) =>
      void this.warnings.push({ code, message, file, ...(map && { line: firstLine + map[0] }) });
    return {
      file,
      rewrite: this.site.rewriter(file),
      warn,
      include: (written, token) => this.include(written, token, open, warn),
    };
  }

  private include(
    written: string,
    token: Token,
    open: readonly string[],
    warn: MarkdownContext['warn'],
  ): ReturnType<MarkdownContext['include']> {
    const reference = resolveReference(written, open.at(-1) ?? '');
    const quoted = JSON.stringify(written.slice(0, 120));
    if (reference.kind !== 'path' || !isPartial(reference.path)) {
      warn('include-missing', `${quoted} cannot be included: it is not in a folder "_partials"`, token);
      return undefined;
    }
    const { path } = reference;
    const text = this.site.partials.get(path);
    this.includes.set(path, { file: path, id: this.site.sources.get(path)?.id });
    if (text === undefined) {
      warn('include-missing', `${quoted} does not exist`, token);
      return undefined;
    }
    if (open.includes(path) || open.length > MAX_INCLUDE_DEPTH) {
      warn('include-circular', `${quoted} includes itself, or includes are nested too deeply`, token);
      return undefined;
    }
    this.count(text);
    const { body, firstLine } = splitFrontMatter(text);
    return { text: body, context: this.context([...open, path], firstLine) };
  }

  /** Bounds includes of includes, which could grow exponentially. */
  private count(text: string): void {
    this.bytes += text.length + 100;
    if (this.bytes > this.site.limits.maxPageBytes)
      throw new PageTooComplexError('the page is too large with its includes');
  }
}
