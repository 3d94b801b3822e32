import type { Token } from 'markdown-it';
import { IGNORED_TAGS, imageToken } from './tag-elements.rules.js';
import { tagOf, type Conditions } from './tag-branch.rules.js';
import { resolveHtml, resolveText } from './tag-text.rules.js';
import { attributesOf } from './tag-token.rules.js';
import type { TagContext } from './tag-context.js';

/**
 * Resolves the tags inside of a line: `# Heading {% #its-id %}`, and `if`. Other tags are shown as written and
 * reported.
 */
export function resolveInline(inline: Token, conditions: Conditions, context: TagContext): Token {
  inline.children = new Line(inline, conditions, context).shownOf(inline.children ?? []);
  return inline;
}

class Line {
  /** Whether each open element is shown: then its closing token is shown too, wherever an `if` ends. */
  private readonly open: boolean[] = [];

  constructor(
    private readonly inline: Token,
    private readonly conditions: Conditions,
    private readonly context: TagContext,
  ) {}

  shownOf(children: readonly Token[]): Token[] {
    return children.filter((child, at) => {
      child.map = this.inline.map;
      if (this.conditions.take(child)) return false;
      if (child.nesting === -1) return this.open.pop() ?? true;
      const visible = !this.conditions.hidden;
      if (child.nesting === 1) this.open.push(visible);
      this.resolve(child, children[at - 1]);
      return child.type === 'html_inline' ? child.content !== '' : visible && this.isText(child);
    });
  }

  /** Resolves tags outside of text: in HTML, titles, addresses and the text of an image. */
  private resolve(child: Token, before: Token | undefined): void {
    const resolved = (text: string) => resolveText(text, child, this.conditions, this.context);
    for (const attribute of child.attrs ?? []) {
      if (String(attribute[1]).includes('{%')) attribute[1] = resolved(String(attribute[1]));
    }
    if (child.type === 'html_inline') child.content = resolveHtml(child.content, child, this.conditions, this.context);
    else if (!child.content.includes('{%')) return;
    else if (before?.info === 'auto') child.content = resolved(child.content);
    else if (child.type === 'image') {
      child.children = this.shownOf(child.children ?? []);
      child.content = child.children.map(({ content }) => content).join('');
    }
  }

  private isText(child: Token): boolean {
    if (child.type === 'annotation') {
      this.inline.meta = { ...this.inline.meta, id: attributesOf(child).get('id') };
      return false;
    }
    if (!child.type.startsWith('tag')) return true;
    const tag = tagOf(child);
    if (tag !== undefined && IGNORED_TAGS.has(tag)) return false;
    if (tag === 'img') {
      Object.assign(child, imageToken(attributesOf(child)));
      return true;
    }
    const name = tag === undefined ? child.info.slice(0, 80) : `the tag "${tag}"`;
    this.context.warn('tag-unknown', `${name} is not supported inside of a line`, this.inline);
    Object.assign(child, { type: 'text', content: child.info });
    return true;
  }
}
