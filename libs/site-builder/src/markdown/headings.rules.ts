import MarkdownIt, { type Token } from 'markdown-it';
import { escapeHtml, html, type Html } from '../page/html.template.js';
import { withEmojis } from './emoji.rules.js';
import type { Fragments } from './fragments.js';
import { slugOf, UniqueIds } from './slug.rules.js';

const { unescapeAll } = new MarkdownIt().utils;

export interface Heading {
  readonly id: string;
  readonly level: number;
  readonly text: string;
}

/** A heading of Markdown with the text from which GitHub makes its id. */
interface MarkdownHeading {
  readonly level: number;
  readonly text: string;
  readonly slug: string;
}

const HEADING_TAG = /<h[1-6][\s>]/i;

/** True if raw HTML may contain a heading. */
export function hasHtmlHeading({ type, content, children }: Token): boolean {
  if (type === 'html_block' || type === 'html_inline') return HEADING_TAG.test(content);
  return children?.some(hasHtmlHeading) ?? false;
}

/** Gives headings their ids, which are unique on the page. */
export function addAnchors(tokens: readonly Token[]): Heading[] {
  const ids = new UniqueIds();
  return headingsIn(tokens).map(({ heading, mark }) => {
    const id = ids.take(heading.slug);
    mark(id);
    return { id, level: heading.level, text: heading.text };
  });
}

/** A heading, and a function that sets its id. */
interface MarkedHeading {
  readonly heading: MarkdownHeading;
  readonly mark: (id: string) => void;
}

function headingsIn(tokens: readonly Token[]): MarkedHeading[] {
  const headings: MarkedHeading[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type !== 'heading_open') continue;
    const [inline, closing] = [tokens[index + 1], tokens[index + 2]];
    if (!inline) continue;
    const chosen = inline.meta?.['id'];
    const heading = {
      level: Number(token.tag.slice(1)),
      text: withEmojis(plainText(inline)),
      slug: typeof chosen === 'string' ? chosen : slugOf(textContent(inline)),
    };
    const mark = (id: string) => {
      token.attrSet('id', id);
      if (closing) closing.meta = { id };
    };
    headings.push({ heading, mark });
  }
  return headings;
}

/**
 * Numbers the headings of a page with headings in raw HTML. Their order, and which of them are headings at all, is
 * known only after sanitizing, so the headings of Markdown have placeholders until then.
 */
export class HtmlHeadings {
  private readonly marked = new Map<string, MarkdownHeading>();

  constructor(
    tokens: readonly Token[],
    private readonly fragments: Fragments,
  ) {
    for (const { heading, mark } of headingsIn(tokens)) {
      const placeholder = fragments.reserve();
      this.marked.set(placeholder, heading);
      mark(placeholder);
    }
  }

  /** @param markup sanitized, so that attributes are quoted and elements are closed */
  finish(markup: string): { readonly markup: string; readonly headings: readonly Heading[] } {
    const ids = new UniqueIds();
    const headings: Heading[] = [];
    const parts: string[] = [];
    let written = 0;
    for (const { 0: tag, 1: level = '', 2: attributes = '', index } of markup.matchAll(HEADINGS)) {
      const [, chosen] = / id="([^"]*)"/.exec(attributes) ?? [];
      const marked = chosen === undefined ? undefined : this.marked.get(chosen);
      if (marked && chosen !== undefined) {
        const id = ids.take(marked.slug);
        this.fragments.set(chosen, escapeHtml(id));
        headings.push({ id, level: marked.level, text: marked.text });
        continue;
      }
      const start = index + tag.length;
      const end = markup.slice(start, start + MAX_HEADING).indexOf(`</h${level}>`);
      const content = end === -1 ? '' : textOfMarkup(markup.slice(start, start + end));
      if (content.trim() === '') continue;
      const id = ids.take(chosen === undefined ? slugOf(content) : unescapeAll(chosen));
      headings.push({ id, level: Number(level), text: withEmojis(content).trim().replace(/\s+/g, ' ') });
      if (chosen !== undefined) continue;
      parts.push(markup.slice(written, index), `<h${level}${attributes} id="${escapeHtml(id)}">`);
      parts.push(markup.slice(start, start + end), anchorTo(id));
      written = start + end;
    }
    return { markup: parts.join('') + markup.slice(written), headings };
  }
}

const HEADINGS = /<h([1-6])((?: [\w:-]+="[^"]*")*)>/g;
/** In characters of markup. Longer headings have no id. */
const MAX_HEADING = 20_000;

/** The text of markup: without tags and comments, with its entities decoded. */
function textOfMarkup(markup: string): string {
  return unescapeAll(markup.replace(/<[^<>]*>/g, '').replaceAll('\\', '\\\\'));
}

export function anchorTo(id: string): string {
  return ` <a class="anchor" href="#${escapeHtml(id)}" aria-label="Link to this section">#</a>`;
}

/** The text of the first heading of level 1 in raw HTML. */
export function htmlTitleOf(content: string): string | undefined {
  const [, text = ''] = /<h1(?:\s[^<>]*)?>([^]{1,2000}?)<\/h1\s*>/i.exec(content) ?? [];
  const title = withEmojis(textOfMarkup(text)).replace(/\s+/g, ' ').trim();
  return title === '' ? undefined : title;
}

/** The text of a heading for readers. */
export function plainText(inline: Token | undefined): string {
  const parts = (inline?.children ?? []).map(({ type, content }) => {
    if (TEXTS.has(type) || type === 'image') return content;
    return type === 'softbreak' || type === 'hardbreak' ? ' ' : '';
  });
  return parts.join('').trim();
}

/** The text of a heading as GitHub reads it from the finished page: images have none, and blanks at the ends count. */
function textContent({ children }: Token): string {
  return (children ?? [])
    .map(({ type, content }) => (TEXTS.has(type) ? content : type === 'softbreak' ? ' ' : ''))
    .join('');
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'code_inline', 'text_special', 'math']);

/** The maximum number of entries of a table of contents. */
const MAX_CONTENTS = 500;

/** A line that is replaced with the headings of the page. */
const CONTENTS = /^\[\[_?toc_?\]\]$/i;

/** @returns the placeholders of the tables of contents */
export function reserveContents(tokens: readonly Token[], fragments: Fragments): string[] {
  return tokens.flatMap((token, index) => {
    if (token.type !== 'inline' || !CONTENTS.test(token.content)) return [];
    const [open, close] = [tokens[index - 1], tokens[index + 1]];
    if (open?.type !== 'paragraph_open' || close?.type !== 'paragraph_close') return [];
    const placeholder = fragments.reserve();
    for (const hidden of [open, close]) hidden.hidden = true;
    token.children = [Object.assign(new MarkdownIt.Token('markup', '', 0), { content: `${placeholder}\n` })];
    return [placeholder];
  });
}

export function contentsOf(headings: readonly Heading[]): Html {
  const shown = headings.filter(({ level }) => level > 1 && level < 5).slice(0, MAX_CONTENTS);
  return html`<ul class="toc">
    ${shown.map(({ id, level, text }) => html`<li class="level-${level}"><a href="#${id}">${text}</a></li> `)}
  </ul>`;
}
