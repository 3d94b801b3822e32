import type { Token } from 'markdown-it';
import { escapeHtml, trusted, type Html } from '../page/html.template.js';
import type { WarningCode } from '../problem.js';
import { splitFootnotes } from './footnotes.rules.js';
import { Conditions, tagOf } from './tag-branch.rules.js';
import { resolveInline } from './tag-inline.rules.js';
import { resolveHtml } from './tag-text.rules.js';
import { tableOf } from './tag-table.rules.js';
import { attributesOf, markup } from './tag-token.rules.js';

export interface TagContext {
  readonly warn: (code: WarningCode, message: string, token: Token) => void;
  /** The tokens of an included file, or none where it cannot be included. */
  readonly include: (file: string, token: Token) => readonly Token[];
}

interface Element {
  readonly open: (attributes: ReadonlyMap<string, string>) => Html;
  readonly close: Html;
}

const admonitionTitles: ReadonlyMap<string, string> = new Map([
  ['info', 'Note'],
  ['success', 'Tip'],
  ['warning', 'Warning'],
  ['danger', 'Danger'],
]);

/** Elements are opened by one token and closed by another, which no formatter of templates would leave alone. */
function element(open: (attributes: ReadonlyMap<string, string>) => string, close: string): Element {
  return { open: (attributes) => trusted(open(attributes)), close: trusted(close) };
}

export function admonition(type: string, title: string | undefined): Html {
  const kind = admonitionTitles.has(type) ? type : 'info';
  const text = escapeHtml(title ?? admonitionTitles.get(kind) ?? '');
  return trusted(`<div class="admonition admonition-${kind}" role="note">\n<p class="admonition-title">${text}</p>\n`);
}

function tab(attributes: ReadonlyMap<string, string>): string {
  const label = escapeHtml(attributes.get('label') ?? 'Tab');
  return `<section class="tab" aria-label="${label}">\n<p class="tab-label">${label}</p>\n`;
}

export const closedDiv = trusted('</div>\n');

/** The elements there are; beside them `partial`, `if`, `else` and `table`. They are Redocly's and Markdoc's own. */
const elements: ReadonlyMap<string, Element> = new Map<string, Element>([
  [
    'admonition',
    { open: (attributes) => admonition(attributes.get('type') ?? 'info', attributes.get('name')), close: closedDiv },
  ],
  ['tabs', element(() => '<div class="tabs">\n', '</div>\n')],
  ['tab', element(tab, '</section>\n')],
]);

interface Open {
  /** The tag's name; undefined for what is Markdown's own, e.g. a list. */
  readonly tag?: string;
  readonly token: Token;
  /** How many tokens there were before it. */
  readonly start: number;
  /** Whether its beginning is not shown: then its end is not either, wherever an `if` begins or ends. */
  hidden: boolean;
}

/**
 * Puts elements in the place of the tags that are known, files in the place of `partial`, one branch in the place of an
 * `if`. What is unknown, or not closed where it was opened, is reported; its content stays, unless an `if` hides it.
 */
export function resolveTags(tokens: readonly Token[], context: TagContext): Token[] {
  const tree = new TagTree(context);
  for (const token of tokens) tree.add(token);
  return tree.end();
}

class TagTree {
  readonly #resolved: Token[] = [];
  readonly #conditions: Conditions;
  readonly #open: Open[] = [];
  #tables = 0;

  constructor(private readonly context: TagContext) {
    this.#conditions = new Conditions(context);
  }

  add(token: Token): void {
    const tag = tagOf(token);
    if (this.#conditions.take(token)) return;
    if (token.type === 'tag_open' && tag !== undefined) this.#openTag(tag, token);
    else if (token.type === 'tag_close' && tag !== undefined) {
      if (this.#open.at(-1)?.tag === tag) this.#closeTag();
      else this.context.warn('tag-unclosed', `the tag "${tag}" is closed where it is not open`, token);
    } else if (token.type.startsWith('tag') || token.type === 'variable') this.#addTag(tag, token);
    else if (token.nesting === -1) this.#closeMarkdown(token);
    else if (token.type !== 'annotation') this.#addMarkdown(token);
  }

  end(): Token[] {
    this.#closeUnclosed();
    for (const token of this.#conditions.unclosed)
      this.context.warn('tag-unclosed', 'the tag "if" is not closed; what depends on it ends with the file', token);
    return this.#resolved;
  }

  #push(tokens: readonly Token[]): void {
    for (const token of tokens) this.#resolved.push(token);
  }

  #openTag(tag: string, token: Token): void {
    const element = elements.get(tag);
    const { hidden } = this.#conditions;
    if (element && !hidden) this.#push([markup(element.open(attributesOf(token)))]);
    if (!element && tag !== 'table')
      this.context.warn('tag-unknown', `there is no tag "${tag}"; its content is shown as it is`, token);
    if (tag === 'table') this.#tables += 1;
    this.#open.push({ tag, token, start: this.#resolved.length, hidden });
  }

  #closeTag(): void {
    const { tag = '', start = 0, hidden = false } = this.#open.pop() ?? {};
    const element = elements.get(tag);
    if (element && !hidden) this.#push([markup(element.close)]);
    if (tag !== 'table') return;
    this.#tables -= 1;
    // Only the outermost: in tables in tables without end, what is in the last would be gone through again for each.
    if (this.#tables > 0) return;
    const { text, notes } = splitFootnotes(this.#resolved.splice(start));
    this.#push([...tableOf(text), ...notes]);
  }

  #addTag(tag: string | undefined, token: Token): void {
    if (this.#conditions.hidden) return;
    if (tag === 'partial') this.#push(this.context.include(attributesOf(token).get('file') ?? '', token));
    else {
      const written = tag === undefined ? token.info.slice(0, 80) : `the tag "${tag}"`;
      this.context.warn('tag-unknown', `${written} is not supported`, token);
    }
  }

  #addMarkdown(token: Token): void {
    const { hidden } = this.#conditions;
    if (token.type === 'inline') this.#addText(resolveInline(token, this.#conditions, this.context), hidden);
    else if (token.type === 'html_block') this.#addHtml(token);
    else if (!hidden) this.#push([token]);
    if (token.nesting === 1) this.#open.push({ token, start: this.#resolved.length, hidden });
  }

  /** Where an `if` ends in the middle of a paragraph, there is a paragraph of the rest. */
  #addText(inline: Token, hidden: boolean): void {
    if (hidden && !inline.children?.length) return;
    const paragraph = this.#open.at(-1);
    if (paragraph?.hidden === true && paragraph.token.type === 'paragraph_open') {
      this.#push([paragraph.token]);
      paragraph.hidden = false;
    }
    this.#push([inline]);
  }

  #addHtml(token: Token): void {
    token.content = resolveHtml(token.content, token, this.#conditions, this.context);
    if (token.content !== '') this.#push([token]);
  }

  #closeMarkdown(token: Token): void {
    this.#closeUnclosed();
    if (this.#open.pop()?.hidden === false) this.#push([token]);
  }

  #closeUnclosed(): void {
    for (let last = this.#open.at(-1); last?.tag !== undefined; last = this.#open.at(-1)) {
      this.context.warn('tag-unclosed', `the tag "${last.tag}" is not closed`, last.token);
      this.#closeTag();
    }
  }
}
