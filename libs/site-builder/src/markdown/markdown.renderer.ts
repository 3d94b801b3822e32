import MarkdownIt, { type MarkdownIt as Parser, type Token } from 'markdown-it';
import type { RewriteLink } from '../links/link-rewriter.js';
import { escapeHtml, type Html } from '../page/html.template.js';
import { sanitize } from './sanitize.rules.js';
import { slugOf, UniqueIds } from './slug.rules.js';

export interface Heading {
  readonly id: string;
  readonly level: number;
  readonly text: string;
}

export interface RenderedMarkdown {
  readonly html: Html;
  readonly headings: readonly Heading[];
}

const parser = createParser();

/** Renders a page: GitHub's Markdown with tables, bare addresses as links, headings with anchors; sanitized. */
export function renderMarkdown(text: string, rewrite: RewriteLink): RenderedMarkdown {
  const tokens = parser.parse(text, {});
  const headings = addAnchors(tokens);
  useAlignAttribute(tokens);
  return { html: sanitize(parser.renderer.render(tokens, parser.options, {}), rewrite), headings };
}

/** Renders a description inside of a page: no anchors, its headings are not the page's. */
export function renderFragment(text: string, rewrite: RewriteLink): Html {
  const tokens = parser.parse(text, {});
  useAlignAttribute(tokens);
  return sanitize(parser.renderer.render(tokens, parser.options, {}), rewrite);
}

/** In characters. A title stands at the top; parsing all of every page twice would double the work. */
const titleWithin = 16_384;

/** The text of the first heading of level 1, if the page begins with one. */
export function titleOf(text: string): string | undefined {
  const tokens = parser.parse(text.slice(0, titleWithin), {});
  const opening = tokens.findIndex(({ type, tag }) => type === 'heading_open' && tag === 'h1');
  const title = opening === -1 ? '' : plainText(tokens[opening + 1]);
  return title === '' ? undefined : title;
}

function createParser(): Parser {
  const markdown = new MarkdownIt({ html: true, linkify: true });
  // `README.md` is a file here, not a host in Moldova.
  markdown.linkify.set({ fuzzyLink: false });
  // References are taken as written; `sanitize` sends each through the link rules, the only place that decides.
  markdown.normalizeLink = (url) => url;
  markdown.validateLink = () => true;
  markdown.renderer.rules['heading_close'] = (tokens, index, options, _env, renderer) => {
    const id = tokens[index]?.meta?.['id'];
    const anchor = typeof id === 'string' ? anchorTo(id) : '';
    return anchor + renderer.renderToken(tokens, index, options);
  };
  return markdown;
}

function anchorTo(id: string): string {
  return ` <a class="anchor" href="#${escapeHtml(id)}" aria-label="Link to this section">#</a>`;
}

function addAnchors(tokens: Token[]): Heading[] {
  const ids = new UniqueIds();
  const headings: Heading[] = [];
  tokens.forEach((token, index) => {
    const inline = tokens[index + 1];
    if (token.type !== 'heading_open' || inline === undefined) return;
    const text = plainText(inline);
    const id = ids.take(slugOf(text));
    token.attrSet('id', id);
    const closing = tokens[index + 2];
    if (closing) closing.meta = { id };
    headings.push({ id, level: Number(token.tag.slice(1)), text });
  });
  return headings;
}

/** markdown-it aligns cells by inline styles, which a strict content security policy forbids. */
function useAlignAttribute(tokens: readonly Token[]): void {
  for (const token of tokens) {
    if (token.type !== 'th_open' && token.type !== 'td_open') continue;
    const alignment = /^text-align:(\w+)$/.exec(String(token.attrGet('style')))?.[1];
    if (alignment !== undefined) token.attrs = [['align', alignment]];
  }
}

function plainText(inline: Token | undefined): string {
  const parts = (inline?.children ?? []).map(({ type, content }) => {
    if (type === 'text' || type === 'code_inline' || type === 'image' || type === 'text_special') return content;
    return type === 'softbreak' || type === 'hardbreak' ? ' ' : '';
  });
  return parts.join('').trim();
}
