import type { Token } from 'markdown-it';
import { splitFootnotes } from './footnotes.rules.js';
import { Conditions, tagOf } from './tag-branch.rules.js';
import type { TagContext } from './tag-context.js';
import { resolveInline } from './tag-inline.rules.js';
import { resolveHtml } from './tag-text.rules.js';
import { ELEMENTS, IGNORED_TAGS, tokensOfTag } from './tag-elements.rules.js';
import { tableOf } from './tag-table.rules.js';
import { attributesOf } from './tag-token.rules.js';

interface Open {
  /** Name of the tag; undefined for Markdown, e.g. a list. */
  readonly tag?: string;
  readonly token: Token;
  /** Number of tokens before it. */
  readonly start: number;
  /** True if its opening token is hidden; then the closing token is hidden too, wherever an `if` begins or ends. */
  // eslint-disable-next-line no-restricted-syntax -- text after the end of an `if` shows its paragraph
  hidden: boolean;
}

/**
 * Replaces known tags with elements, `partial` with the file, and `if` with one of its branches. Reports tags that are
 * unknown or not closed; their content is kept, unless an `if` hides it.
 */
export function resolveTags(tokens: readonly Token[], context: TagContext): Token[] {
  const tree = new TagTree(context);
  for (const token of tokens) tree.add(token);
  return tree.end();
}

class TagTree {
  private readonly resolved: Token[] = [];
  private readonly conditions: Conditions;
  private readonly open: Open[] = [];
  private tables = 0;

  constructor(private readonly context: TagContext) {
    this.conditions = new Conditions(context);
  }

  add(token: Token): void {
    const tag = tagOf(token);
    if (this.conditions.take(token)) return;
    if (token.type === 'tag_open' && tag !== undefined) this.openTag(tag, token);
    else if (token.type === 'tag_close' && tag !== undefined) {
      if (this.open.at(-1)?.tag === tag) this.closeTag();
      else this.context.warn('tag-unclosed', `the tag "${tag}" is closed but not open`, token);
    } else if (token.type.startsWith('tag') || token.type === 'variable') this.addTag(tag, token);
    else if (token.nesting === -1) this.closeMarkdown(token);
    else if (token.type !== 'annotation') this.addMarkdown(token);
  }

  end(): Token[] {
    this.closeUnclosed();
    for (const token of this.conditions.unclosed)
      this.context.warn('tag-unclosed', 'the tag "if" is not closed; it ends with the file', token);
    return this.resolved;
  }

  private push(tokens: readonly Token[]): void {
    for (const token of tokens) this.resolved.push(token);
  }

  private openTag(tag: string, token: Token): void {
    const element = ELEMENTS.get(tag);
    const { hidden } = this.conditions;
    if (element && !hidden) this.push(element.open(attributesOf(token)));
    if (!element && tag !== 'table' && !IGNORED_TAGS.has(tag))
      this.context.warn('tag-unknown', `unknown tag "${tag}"; its content is shown`, token);
    if (tag === 'table') this.tables += 1;
    this.open.push({ tag, token, start: this.resolved.length, hidden });
  }

  private closeTag(): void {
    const { tag = '', token, start = 0, hidden = false } = this.open.pop() ?? {};
    const element = ELEMENTS.get(tag);
    if (element && token && !hidden) this.push(element.close(attributesOf(token)));
    if (tag !== 'table') return;
    this.tables -= 1;
    // Only the outermost table: otherwise nested tables would be processed once per level, in quadratic time.
    if (this.tables > 0) return;
    const { text, notes } = splitFootnotes(this.resolved.splice(start));
    this.push([...tableOf(text), ...notes]);
  }

  private addTag(tag: string | undefined, token: Token): void {
    if (this.conditions.hidden) return;
    const supported = tag === undefined ? undefined : tokensOfTag(tag, attributesOf(token));
    if (tag === 'partial') this.push(this.context.include(attributesOf(token).get('file') ?? '', token));
    else if (tag === 'code-snippet') this.push(this.context.snippet?.(token) ?? []);
    else if (supported) this.push(supported);
    else {
      const written = tag === undefined ? token.info.slice(0, 80) : `the tag "${tag}"`;
      this.context.warn('tag-unknown', `${written} is not supported`, token);
    }
  }

  private addMarkdown(token: Token): void {
    const { hidden } = this.conditions;
    if (token.type === 'inline') this.addText(resolveInline(token, this.conditions, this.context), hidden);
    else if (token.type === 'html_block') this.addHtml(token);
    else if (!hidden) this.push([token]);
    if (token.nesting === 1) this.open.push({ token, start: this.resolved.length, hidden });
  }

  /** If an `if` ends inside of a paragraph, the rest becomes a paragraph. */
  private addText(inline: Token, hidden: boolean): void {
    if (hidden && !inline.children?.length) return;
    const paragraph = this.open.at(-1);
    if (paragraph?.hidden === true && paragraph.token.type === 'paragraph_open') {
      this.push([paragraph.token]);
      paragraph.hidden = false;
    }
    this.push([inline]);
  }

  private addHtml(token: Token): void {
    token.content = resolveHtml(token.content, token, this.conditions, this.context);
    if (token.content !== '') this.push([token]);
  }

  private closeMarkdown(token: Token): void {
    this.closeUnclosed();
    if (this.open.pop()?.hidden === false) this.push([token]);
  }

  private closeUnclosed(): void {
    for (let last = this.open.at(-1); last?.tag !== undefined; last = this.open.at(-1)) {
      this.context.warn('tag-unclosed', `the tag "${last.tag}" is not closed`, last.token);
      this.closeTag();
    }
  }
}
