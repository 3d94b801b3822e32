import type { Token } from 'markdown-it';
import { resolveReference } from '../links/links.rules.js';
import { html } from '../page/html.template.js';
import type { Include, Page, PageBody, RenderContext } from '../page/page.js';
import { PageTooComplexError } from '../page/page-too-complex.error.js';
import type { WarningDetails } from '../problem.js';
import type { SourceFile } from '../site-builder.js';
import { encodingError, isLfsPointer } from '../source/file-content.rules.js';
import { isHidden, isPartial, pageFolder } from '../source/paths.rules.js';
import { splitFrontMatter, type FrontMatterDiagnostic } from '../syntax/front-matter.rules.js';
import { MAX_SNIPPET_BYTES, snippetFilesIn, snippetToken } from './code-snippet.rules.js';
import { renderMarkdown, titleOf, type MarkdownContext } from './markdown.renderer.js';
import { attributesOf } from './tag-token.rules.js';

export function markdownPage(source: SourceFile, text: string): Page {
  const { frontMatter, body, firstLine, diagnostic } = splitFrontMatter(text);
  return {
    file: source.path,
    folder: pageFolder(source.path),
    title: frontMatter.title ?? titleOf(body, source.path),
    description: frontMatter.description,
    kind: 'article',
    source,
    async render(context) {
      const snippets = await readSnippets(body, source.path, context);
      const page = new PageRenderer(source.path, context, snippets).render(body, firstLine);
      const rendered = withDiagnostic(page, source, diagnostic);
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

/** Text of files that a page shows as code, by path. */
type Snippets = ReadonlyMap<string, string>;

/** Reads the files that are shown as code. Hidden and ignored files, which are never published, stay unread. */
async function readSnippets(text: string, from: string, { sources, ignored }: RenderContext): Promise<Snippets> {
  const snippets = new Map<string, string>();
  for (const written of snippetFilesIn(text)) {
    const reference = resolveReference(written, from);
    if (reference.kind !== 'path') continue;
    const { path } = reference;
    const file = isHidden(path) || ignored.has(path) ? undefined : sources.get(path);
    if (file === undefined || (file.size ?? 0) > MAX_SNIPPET_BYTES) continue;
    const bytes = await file.read();
    if (bytes.length > MAX_SNIPPET_BYTES || isLfsPointer(bytes) || encodingError(bytes) !== undefined) continue;
    snippets.set(path, bytes.toString('utf8'));
  }
  return snippets;
}

/** Renders one page with its includes. */
class PageRenderer {
  private readonly warnings: WarningDetails[] = [];
  private readonly reported = new Set<string>();
  private readonly includes = new Map<string, Include>();
  private bytes = 0;

  constructor(
    private readonly file: string,
    private readonly site: RenderContext,
    private readonly snippets: Snippets,
  ) {}

  render(text: string, firstLine: number): PageBody {
    const rendered = renderMarkdown(text, this.context([this.file], firstLine));
    return { ...rendered, warnings: this.warnings, includes: [...this.includes.values()] };
  }

  private context(open: readonly string[], firstLine: number): MarkdownContext {
    const file = open.at(-1) ?? this.file;
    const warn: MarkdownContext['warn'] = (code, message, { map }) => {
      // An unknown tag is reported once per page, at its first place.
      const isRepeated = code === 'tag-unknown' && this.reported.has(message);
      this.reported.add(message);
      if (!isRepeated) this.warnings.push({ code, message, file, ...(map && { line: firstLine + map[0] }) });
    };
    return {
      file,
      rewrite: this.site.rewriter(file),
      warn,
      include: (written, token) => this.include(written, token, open, warn),
      snippet: (token) => this.snippet(token, file, warn),
    };
  }

  private snippet(token: Token, from: string, warn: MarkdownContext['warn']): readonly Token[] {
    const attributes = attributesOf(token);
    const written = attributes.get('file') ?? '';
    const reference = resolveReference(written, from);
    const path = reference.kind === 'path' ? reference.path : '';
    this.record(path);
    const text = this.snippets.get(path);
    if (text !== undefined) {
      this.count(text);
      return [snippetToken(text, path, attributes)];
    }
    warn(
      'include-missing',
      `${JSON.stringify(written.slice(0, 120))} cannot be shown as code: it is not in the site`,
      token,
    );
    return [];
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
    this.record(path);
    if (text === undefined) {
      warn('include-missing', `${quoted} does not exist`, token);
      return undefined;
    }
    if (open.includes(path) || open.length > MAX_INCLUDE_DEPTH) {
      warn('include-circular', `${quoted} includes itself, or includes are nested too deeply`, token);
      return undefined;
    }
    this.count(text);
    const { body, firstLine } = splitFrontMatter(withVariables(text, token));
    return { text: body, context: this.context([...open, path], firstLine) };
  }

  private record(file: string): void {
    this.includes.set(file, { file, id: this.site.sources.get(file)?.id, ignored: this.site.ignored.has(file) });
  }

  /** Bounds includes of includes, which could grow exponentially. */
  private count(text: string): void {
    this.bytes += text.length + 100;
    if (this.bytes > this.site.limits.maxPageBytes)
      throw new PageTooComplexError('the page is too large with its includes');
  }
}

/** A variable in a partial: `{% $name %}`. Bounded: a name is short. */
const VARIABLE = /\{%\s{0,9}\$([\w-]{1,100})\s{0,9}%\}/g;

/** Inserts the variables that a `partial` tag passes. Others stay as written. */
function withVariables(text: string, { meta }: Token): string {
  const variables = meta?.['variables'] as ReadonlyMap<string, string> | undefined;
  if (variables === undefined || variables.size === 0) return text;
  return text.replace(VARIABLE, (written, name: string) => variables.get(name) ?? written);
}
