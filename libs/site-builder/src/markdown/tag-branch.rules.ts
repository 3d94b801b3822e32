import type { Token } from 'markdown-it';
import type { TagContext } from './tag-context.js';

interface Condition {
  readonly token: Token;
  readonly branch: Branch;
  /** True if it is inside of a hidden branch. */
  readonly hidden: boolean;
}

/**
 * The open `if`s of a file. An `if` may begin and end anywhere, e.g. in the middle of a paragraph, a list or HTML. In
 * doubt content is hidden and reported: content that was published by mistake cannot be taken back.
 */
export class Conditions {
  private readonly open: Condition[] = [];

  constructor(private readonly context: TagContext) {}

  get hidden(): boolean {
    const innermost = this.open.at(-1);
    return innermost !== undefined && (innermost.hidden || !innermost.branch.shown);
  }

  /** Opening tokens of `if`s that are not closed. */
  get unclosed(): readonly Token[] {
    return this.open.map(({ token }) => token);
  }

  /** @returns true if the token is an `if`, `else` or `/if` in a valid position */
  take(token: Token): boolean {
    const tag = tagOf(token);
    const innermost = this.open.at(-1);
    if (tag === 'if' && token.type === 'tag_open')
      this.open.push({ token, hidden: this.hidden, branch: new Branch(token, this.context) });
    else if (innermost === undefined) return false;
    else if (tag === 'else') innermost.branch.next(token, this.context);
    else if (tag === 'if' && token.type === 'tag_close') this.open.pop();
    else return false;
    return true;
  }
}

/**
 * The current branch of an `if`. Only literal conditions are supported. Content that depends on a variable is hidden:
 * it may be a draft or a secret.
 */
class Branch {
  private isShown: boolean;
  private taken: boolean;

  constructor(token: Token, context: TagContext) {
    this.isShown = this.taken = isTrue(token, context);
  }

  get shown(): boolean {
    return this.isShown;
  }

  /** Continues with an `else`, which may have a condition. */
  next(token: Token, context: TagContext): void {
    this.isShown = !this.taken && (!hasCondition(token) || isTrue(token, context));
    this.taken ||= this.isShown;
  }
}

export function tagOf({ meta }: Token): string | undefined {
  return typeof meta?.['tag'] === 'string' ? meta['tag'] : undefined;
}

function hasCondition({ meta }: Token): boolean {
  return meta?.['condition'] !== undefined;
}

function isTrue(token: Token, context: TagContext): boolean {
  const condition: unknown = token.meta?.['condition'];
  if (typeof condition === 'boolean') return condition;
  context.warn(
    'tag-unknown',
    `the condition of ${token.info.slice(0, 80)} is not supported; its content is left out`,
    token,
  );
  return false;
}
