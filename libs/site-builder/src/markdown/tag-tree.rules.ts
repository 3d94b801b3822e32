import type { Token } from 'markdown-it';
import { escapeHtml, trusted, type Html } from '../page/html.template.js';
import type { WarningCode } from '../problem.js';
import { Branch, tagOf } from './tag-branch.rules.js';
import { resolveInline } from './tag-inline.rules.js';
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
  /** Of an `if`. */
  readonly branch?: Branch;
  /** Whether it stands in a branch that is not shown. */
  readonly hidden: boolean;
}

/**
 * Puts elements in the place of the tags that are known, files in the place of `partial`, one branch in the place of an
 * `if`. What is unknown, or not closed where it was opened, is reported; its content stays.
 */
export function resolveTags(tokens: readonly Token[], context: TagContext): Token[] {
  const tree = new TagTree(context);
  for (const token of tokens) tree.add(token);
  return tree.end();
}

class TagTree {
  readonly #resolved: Token[] = [];
  #tables = 0;
  readonly #open: Open[] = [];

  constructor(private readonly context: TagContext) {}

  add(token: Token): void {
    const tag = tagOf(token);
    const [innermost] = this.#open.slice(-1);
    if (tag === 'else' && innermost?.branch) innermost.branch.next(token, this.context);
    else if (token.type === 'tag_open' && tag !== undefined) this.#openTag(tag, token);
    else if (token.type === 'tag_close' && tag !== undefined) {
      if (innermost?.tag === tag) this.#closeTag();
      else this.context.warn('tag-unclosed', `the tag "${tag}" is closed where it is not open`, token);
    } else if (token.type.startsWith('tag') || token.type === 'variable') this.#addTag(tag, token);
    else if (token.type !== 'annotation') this.#addMarkdown(token);
  }

  end(): Token[] {
    this.#closeUnclosed();
    return this.#resolved;
  }

  get #hidden(): boolean {
    const innermost = this.#open.at(-1);
    return innermost !== undefined && (innermost.hidden || innermost.branch?.shown === false);
  }

  #push(tokens: readonly Token[]): void {
    if (!this.#hidden) for (const token of tokens) this.#resolved.push(token);
  }

  #openTag(tag: string, token: Token): void {
    const element = elements.get(tag);
    if (element) this.#push([markup(element.open(attributesOf(token)))]);
    else if (tag !== 'if' && tag !== 'table')
      this.context.warn('tag-unknown', `there is no tag "${tag}"; its content is shown as it is`, token);
    const branch = tag === 'if' && { branch: new Branch(token, this.context) };
    if (tag === 'table') this.#tables += 1;
    this.#open.push({ tag, token, start: this.#resolved.length, hidden: this.#hidden, ...branch });
  }

  #closeTag(): void {
    const { tag = '', start = 0 } = this.#open.pop() ?? {};
    const element = elements.get(tag);
    if (element) this.#push([markup(element.close)]);
    if (tag !== 'table') return;
    this.#tables -= 1;
    // Only the outermost: in tables in tables without end, what is in the last would be gone through again for each.
    if (this.#tables === 0) for (const token of tableOf(this.#resolved.splice(start))) this.#resolved.push(token);
  }

  #addTag(tag: string | undefined, token: Token): void {
    if (this.#hidden) return;
    if (tag === 'partial') this.#push(this.context.include(attributesOf(token).get('file') ?? '', token));
    else {
      const written = tag === undefined ? token.info.slice(0, 80) : `the tag "${tag}"`;
      this.context.warn('tag-unknown', `${written} is not supported`, token);
    }
  }

  #addMarkdown(token: Token): void {
    if (token.nesting === -1) {
      this.#closeUnclosed();
      this.#open.pop();
    }
    this.#push([token.type === 'inline' && !this.#hidden ? resolveInline(token, this.context) : token]);
    if (token.nesting === 1) this.#open.push({ token, start: this.#resolved.length, hidden: this.#hidden });
  }

  #closeUnclosed(): void {
    for (let last = this.#open.at(-1); last?.tag !== undefined; last = this.#open.at(-1)) {
      this.context.warn('tag-unclosed', `the tag "${last.tag}" is not closed`, last.token);
      this.#closeTag();
    }
  }
}
