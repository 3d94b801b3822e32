import type { Token } from 'markdown-it';
import type { RewriteLink } from '../links/page-links.js';
import { html, trusted, type Html } from '../page/html.template.js';
import { useAlerts } from './alerts.rules.js';
import { withEmojis } from './emoji.rules.js';
import { Fragments } from './fragments.js';
import {
  addAnchors,
  contentsOf,
  hasHtmlHeading,
  htmlTitleOf,
  HtmlHeadings,
  plainText,
  reserveContents,
  type Heading,
} from './headings.rules.js';
import { Formulas } from './math.rules.js';
import { nameFootnotes, putFootnotesLast } from './footnotes.rules.js';
import {
  isTagged,
  languageOf,
  parseMarkdown,
  parsePlain,
  parseTagged,
  renderTokens,
  type ParsedMarkdown,
} from './markdown.parser.js';
import { sanitize } from './sanitize.rules.js';
import { markup } from './tag-token.rules.js';
import type { TagContext } from './tag-context.js';
import { resolveTags } from './tag-tree.rules.js';

export interface RenderedMarkdown {
  readonly html: Html;
  readonly headings: readonly Heading[];
  /** Ids in raw HTML, without those of the headings. */
  readonly anchors: readonly string[];
  /** The beginning of the text, without headings and blocks of code. */
  readonly text: string;
  /** True if the page has a diagram, which a script draws in the browser. */
  readonly diagrams: boolean;
}

/** The context of a Markdown file, which may include others. */
export interface MarkdownContext extends Omit<TagContext, 'include'> {
  readonly file: string;
  readonly rewrite: RewriteLink;
  readonly include: (file: string, token: Token) => { text: string; context: MarkdownContext } | undefined;
}

/**
 * Renders a page: GitHub's Markdown (tables, alerts, footnotes, task lists, autolinks, emojis, formulas, heading
 * anchors) and Markdoc's tags. The output of markdown-it and of our templates is safe: every text is escaped and every
 * link goes through `rewrite`. So only pages with raw HTML are sanitized, which takes longer than everything else
 * together.
 */
export function renderMarkdown(text: string, context: MarkdownContext): RenderedMarkdown {
  const rewriters: Rewriters = new Map();
  const tokens = tokensOf(text, context, rewriters);
  const fragments = new Fragments();
  const formulas = new FormulaWriter(fragments, context);
  useAlerts(tokens);
  for (const token of tokens) prepare(token, rewriters.get(token) ?? context.rewrite, formulas);
  const searchable = searchTextOf(tokens);
  const contents = text.includes('[[') ? reserveContents(tokens, fragments) : [];
  const page = tokens.some(hasHtml)
    ? renderWithHtml(tokens, context, fragments)
    : { headings: addAnchors(tokens), markup: renderNamed(tokens), anchors: [] };
  for (const placeholder of contents) fragments.set(placeholder, contentsOf(page.headings).markup);
  const { headings, anchors, markup } = page;
  return {
    html: trusted(fragments.insertInto(markup)),
    headings,
    anchors,
    text: searchable,
    diagrams: tokens.some(isDiagram),
  };
}

/** In characters. */
const MAX_SEARCH_TEXT = 2_000;

function searchTextOf(tokens: readonly Token[]): string {
  let text = '';
  for (const [index, token] of tokens.entries()) {
    if (text.length >= MAX_SEARCH_TEXT) break;
    if (token.type !== 'inline' || tokens[index - 1]?.type === 'heading_open') continue;
    const words = plainText(token);
    if (words !== '') text += `${text === '' ? '' : ' '}${words}`;
  }
  return text.slice(0, MAX_SEARCH_TEXT);
}

interface PageMarkup {
  readonly markup: string;
  readonly headings: readonly Heading[];
  readonly anchors: readonly string[];
}

function renderNamed(tokens: Token[]): string {
  nameFootnotes(tokens);
  return renderTokens(tokens);
}

function renderWithHtml(tokens: Token[], context: MarkdownContext, fragments: Fragments): PageMarkup {
  const numbered = tokens.some(hasHtmlHeading) ? new HtmlHeadings(tokens, fragments) : undefined;
  const named = numbered ? [] : addAnchors(tokens);
  const rendered = renderNamed(tokens);
  const written = new Set(tokens.flatMap(addressesIn));
  const isOurs = (address: string) => written.has(address) || fragments.isReserved(address);
  const safe = sanitize(rendered, (address) => (isOurs(address) ? address : context.rewrite(address)));
  const { markup, headings } = numbered?.finish(safe.markup) ?? { markup: safe.markup, headings: named };
  const anchors = [...markup.matchAll(/ (?:id|name)="([^"]*)"/g)].map(([, id = '']) => id);
  return { markup, headings, anchors: anchors.filter((id) => !fragments.isReserved(id)) };
}

/** Renders formulas, and shows those that cannot be rendered as code. */
class FormulaWriter {
  private readonly formulas = new Formulas();

  constructor(
    private readonly fragments: Fragments,
    private readonly context: MarkdownContext,
  ) {}

  /** @param token becomes the formula */
  write(token: Token, formula: string, display: boolean): void {
    const rendered = this.formulas.render(formula, display);
    if (typeof rendered === 'string') {
      this.context.warn('math-invalid', `the formula is shown as code: ${rendered}`, token);
      const code = html`<code class="language-math">${formula}</code>`;
      Object.assign(token, markup(display ? html`<pre>${code}</pre>` : code));
    } else Object.assign(token, markup(this.fragments.add(rendered)));
  }
}

function isDiagram({ type, info }: Token): boolean {
  return type === 'fence' && languageOf(info) === 'mermaid';
}

/** The rewritten addresses of Markdown links and images. */
function addressesIn({ children }: Token): string[] {
  return (children ?? []).flatMap((child) => {
    const address = child.attrGet(child.type === 'image' ? 'src' : 'href');
    return address === null ? [] : [String(address)];
  });
}

/** The rewriter of the file that a token was included from. */
type Rewriters = Map<Token, RewriteLink>;

function tokensOf(text: string, context: MarkdownContext, rewriters: Rewriters): Token[] {
  const include: TagContext['include'] = (file, token) => {
    const included = context.include(file, token);
    return included ? tokensFrom(included, rewriters) : [];
  };
  const { warn, snippet } = context;
  return shownOf(parseMarkdown(text, context.file), { warn, include, ...(snippet && { snippet }) });
}

/** The tokens that are shown. Only their links may be followed: a link publishes its target. */
function shownOf({ tokens, tags, footnotes }: ParsedMarkdown, context: TagContext): Token[] {
  const shown = tags ? resolveTags(tokens, context) : tokens;
  return footnotes ? putFootnotesLast(shown) : shown;
}

function tokensFrom(included: { text: string; context: MarkdownContext }, rewriters: Rewriters): Token[] {
  const tokens = tokensOf(included.text, included.context, rewriters);
  for (const token of tokens) if (!rewriters.has(token)) rewriters.set(token, included.context.rewrite);
  return tokens;
}

function hasHtml({ type, children }: Token): boolean {
  return type === 'html_block' || (children?.some((child) => child.type === 'html_inline') ?? false);
}

function prepare(token: Token, rewrite: RewriteLink, formulas: FormulaWriter): void {
  if (token.type === 'th_open' || token.type === 'td_open') useAlignAttribute(token);
  else if (token.type === 'math') formulas.write(token, token.content, true);
  else if (token.type === 'fence' && languageOf(token.info) === 'math') formulas.write(token, token.content, true);
  for (const child of token.children ?? []) {
    if (child.type === 'math') {
      child.map = token.map;
      formulas.write(child, child.content, child.meta?.['display'] === true);
    } else if (child.type === 'link_open') {
      const address = rewrite(String(child.attrGet('href')));
      if (address === undefined) Object.assign(child, { tag: 'span', attrs: null });
      else child.attrSet('href', address);
    } else if (child.type === 'image') useImage(child, rewrite);
  }
  closeLikeOpened(token.children ?? []);
}

/** A rejected link was opened as a `span`, so it must be closed as one. */
function closeLikeOpened(children: readonly Token[]): void {
  let tag = 'a';
  for (const child of children) {
    if (child.type === 'link_open') tag = child.tag;
    else if (child.type === 'link_close') child.tag = tag;
  }
}

function useImage(image: Token, rewrite: RewriteLink): void {
  const address = rewrite(String(image.attrGet('src')));
  if (address === undefined) {
    Object.assign(image, markup(html`<span>${image.content}</span>`));
    return;
  }
  image.attrSet('src', address);
  image.attrPush(['loading', 'lazy']);
  image.attrPush(['referrerpolicy', 'no-referrer']);
}

/** markdown-it aligns cells by inline styles, which a strict content security policy forbids. */
function useAlignAttribute(token: Token): void {
  const alignment = /^text-align:(\w+)$/.exec(String(token.attrGet('style')))?.[1];
  if (alignment !== undefined) token.attrs = [['align', alignment]];
}

/** A title is looked for in the first characters of a page. */
const MAX_TITLE_OFFSET = 16_384;

/** The text of the first heading of level 1, if the page begins with one. */
export function titleOf(text: string, file: string): string | undefined {
  const top = text.slice(0, MAX_TITLE_OFFSET);
  const likely = /^ {0,3}(?:#[ \t].*|=+[ \t]*|.{0,500}<\/h1>.*)$/im.exec(top);
  if (!likely) return undefined;
  // Tries the first candidate only, usually the first line: parsing every page twice would double the work.
  const parse = isTagged(text, file) ? parseTagged : parsePlain;
  return titleIn(top.slice(0, likely.index + likely[0].length), parse) ?? titleIn(top, parse);
}

/** Tag errors are reported when the page is rendered. */
const QUIET: TagContext = { warn: () => undefined, include: () => [] };

function titleIn(text: string, parse: (text: string) => ParsedMarkdown): string | undefined {
  const tokens = shownOf(parse(text), QUIET);
  for (const [index, { type, tag, content }] of tokens.entries()) {
    const isTitle = type === 'heading_open' && tag === 'h1';
    const title = isTitle
      ? withEmojis(plainText(tokens[index + 1]))
      : type === 'html_block'
        ? htmlTitleOf(content)
        : '';
    if (title !== undefined && title !== '') return title;
  }
  return undefined;
}
