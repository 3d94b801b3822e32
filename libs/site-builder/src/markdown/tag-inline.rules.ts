import type { Token } from 'markdown-it';
import { attributesOf } from './tag-token.rules.js';
import { Branch, tagOf } from './tag-branch.rules.js';
import type { TagContext } from './tag-tree.rules.js';

interface Condition {
  readonly branch: Branch;
  /** Whether it stands in a branch that is not shown. */
  readonly hidden: boolean;
}

function isHidden(innermost: Condition | undefined): boolean {
  return innermost !== undefined && (innermost.hidden || !innermost.branch.shown);
}

/**
 * Resolves what tags there may be inside of a line: `# Heading {% #its-id %}`, and `if`. Others are shown as they are
 * written, and reported.
 */
export function resolveInline(inline: Token, context: TagContext): Token {
  const branches: Condition[] = [];
  const hidden = () => isHidden(branches.at(-1));
  /** Whether the elements that are open are shown: their ends are then too, wherever an `if` ends. */
  const shown: boolean[] = [];
  const at = (child: Token) => Object.assign(child, { map: inline.map });
  inline.children = (inline.children ?? []).filter((child) => {
    const tag = tagOf(child);
    if (child.type === 'tag_open' && tag === 'if')
      branches.push({ branch: new Branch(at(child), context), hidden: hidden() });
    else if (tag === 'else' && branches.length > 0) branches.at(-1)?.branch.next(at(child), context);
    else if (child.type === 'tag_close' && tag === 'if' && branches.length > 0) branches.pop();
    else if (child.nesting === -1) return shown.pop() ?? true;
    else {
      const visible = !hidden();
      if (child.nesting === 1) shown.push(visible);
      return visible && isText(child, inline, context);
    }
    return false;
  });
  if (branches.length > 0) context.warn('tag-unclosed', 'the tag "if" is not closed in its paragraph', inline);
  return inline;
}

function isText(child: Token, inline: Token, context: TagContext): boolean {
  if (child.type === 'annotation') {
    inline.meta = { ...inline.meta, id: attributesOf(child).get('id') };
    return false;
  }
  if (!child.type.startsWith('tag')) return true;
  context.warn('tag-unknown', `${child.info.slice(0, 80)} is not supported inside of a line`, inline);
  Object.assign(child, { type: 'text', content: child.info });
  return true;
}
