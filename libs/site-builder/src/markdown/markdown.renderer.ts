import type { Token } from 'markdown-it';
import type { RewriteLink } from '../links/page-links.js';
import { html, trusted, type Html } from '../page/html.template.js';
import { nameFootnotes, putFootnotesLast } from './footnotes.rules.js';
import {
  isTagged,
  parseMarkdown,
  parsePlain,
  parseTagged,
  renderTokens,
  type ParsedMarkdown,
} from './markdown.parser.js';
import { sanitize } from './sanitize.rules.js';
import { slugOf, UniqueIds } from './slug.rules.js';
import { markup } from './tag-token.rules.js';
import type { TagContext } from './tag-context.js';
import { admonition, closedDiv, resolveTags } from './tag-tree.rules.js';

export interface Heading {
  readonly id: string;
  readonly level: number;
  readonly text: string;
}

export interface RenderedMarkdown {
  readonly html: Html;
  readonly headings: readonly Heading[];
  /** Ids in raw HTML, without those of the headings. */
  readonly anchors: readonly string[];
}

/** The context of a Markdown file, which may include others. */
export interface MarkdownContext extends Omit<TagContext, 'include'> {
  readonly file: string;
  readonly rewrite: RewriteLink;
  readonly include: (file: string, token: Token) => { text: string; context: MarkdownContext } | undefined;
}

/**
 * Renders a page: GitHub's Markdown (tables, alerts, footnotes, task lists, autolinks, heading anchors) and Markdoc's tags.
 * The output of markdown-it and of our templates is safe: every text is escaped and every link goes through `rewrite`. So
 * only pages with raw HTML are sanitized, which takes longer than everything else together.
 */
export function renderMarkdown(text: string, context: MarkdownContext): RenderedMarkdown {
  const rewriters: Rewriters = new Map();
  const tokens = tokensOf(text, context, rewriters);
  useAlerts(tokens);
  for (const token of tokens) prepare(token, rewriters.get(token) ?? context.rewrite);
  const headings = addAnchors(tokens);
  nameFootnotes(tokens);
  const rendered = renderTokens(tokens);
  if (!tokens.some(hasHtml)) return { html: trusted(rendered), headings, anchors: [] };
  const written = new Set(tokens.flatMap(addressesIn));
  const safe = sanitize(rendered, (address) => (written.has(address) ? address : context.rewrite(address)));
  const ids = [...safe.markup.matchAll(/ (?:id|name)="([^"]*)"/g)].map(([, id = '']) => id);
  return { html: safe, headings, anchors: ids };
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
  return shownOf(parseMarkdown(text, context.file), { warn: context.warn, include });
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

function prepare(token: Token, rewrite: RewriteLink): void {
  if (token.type === 'th_open' || token.type === 'td_open') useAlignAttribute(token);
  for (const child of token.children ?? []) {
    if (child.type === 'link_open') {
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

const ALERTS: ReadonlyMap<string, readonly [type: string, title: string]> = new Map([
  ['NOTE', ['info', 'Note']],
  ['TIP', ['success', 'Tip']],
  ['IMPORTANT', ['info', 'Important']],
  ['WARNING', ['warning', 'Warning']],
  ['CAUTION', ['danger', 'Caution']],
]);

/** GitHub's `> [!NOTE]`. */
function useAlerts(tokens: Token[]): void {
  const open: boolean[] = [];
  tokens.forEach((token, index) => {
    if (token.type === 'blockquote_close') {
      if (open.pop() === true) Object.assign(token, markup(closedDiv));
    } else if (token.type === 'blockquote_open') {
      const inline = tokens[index + 2];
      const [, name = ''] = /^\[!([A-Z]+)\](?:\n|$)/.exec(inline?.content ?? '') ?? [];
      const alert = inline?.type === 'inline' ? ALERTS.get(name) : undefined;
      // A hidden `if` branch may precede the marker or be inside of it.
      if (!alert || inline?.children?.[0]?.content !== `[!${name}]`) return void open.push(false);
      open.push(true);
      inline.children.splice(0, 2);
      Object.assign(token, markup(admonition(...alert)));
    }
  });
}

function addAnchors(tokens: readonly Token[]): Heading[] {
  const ids = new UniqueIds();
  const headings: Heading[] = [];
  tokens.forEach((token, index) => {
    const inline = tokens[index + 1];
    if (token.type !== 'heading_open' || inline === undefined) return;
    const text = plainText(inline);
    const chosen = inline.meta?.['id'];
    const id = ids.take(typeof chosen === 'string' ? chosen : slugOf(text));
    token.attrSet('id', id);
    const closing = tokens[index + 2];
    if (closing) closing.meta = { id };
    headings.push({ id, level: Number(token.tag.slice(1)), text });
  });
  return headings;
}

/** A title is looked for in the first characters of a page. */
const MAX_TITLE_OFFSET = 16_384;

/** The text of the first heading of level 1, if the page begins with one. */
export function titleOf(text: string, file: string): string | undefined {
  const top = text.slice(0, MAX_TITLE_OFFSET);
  const likely = /^ {0,3}(?:#[ \t].*|=+[ \t]*)$/m.exec(top);
  if (!likely) return undefined;
  // Tries the first candidate only, usually the first line: parsing every page twice would double the work.
  const parse = isTagged(text, file) ? parseTagged : parsePlain;
  return titleIn(top.slice(0, likely.index + likely[0].length), parse) ?? titleIn(top, parse);
}

/** Tag errors are reported when the page is rendered. */
const QUIET: TagContext = { warn: () => undefined, include: () => [] };

function titleIn(text: string, parse: (text: string) => ParsedMarkdown): string | undefined {
  const tokens = shownOf(parse(text), QUIET);
  const opening = tokens.findIndex(({ type, tag }) => type === 'heading_open' && tag === 'h1');
  const title = opening === -1 ? '' : plainText(tokens[opening + 1]);
  return title === '' ? undefined : title;
}

function plainText(inline: Token | undefined): string {
  const parts = (inline?.children ?? []).map(({ type, content }) => {
    if (type === 'text' || type === 'code_inline' || type === 'image' || type === 'text_special') return content;
    return type === 'softbreak' || type === 'hardbreak' ? ' ' : '';
  });
  return parts.join('').trim();
}
