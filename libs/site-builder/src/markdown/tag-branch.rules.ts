import type { Token } from 'markdown-it';
import type { TagContext } from './tag-tree.rules.js';

interface Condition {
  readonly token: Token;
  readonly branch: Branch;
  /** Whether it stands in a branch that is not shown. */
  readonly hidden: boolean;
}

/**
 * The `if`s of a file that are open. Each reaches to its end, wherever that is: also from the middle of a paragraph, a list
 * or HTML into the next one. What is hidden too much is reported; what is shown too much cannot be taken back.
 */
export class Conditions {
  readonly #open: Condition[] = [];

  constructor(private readonly context: TagContext) {}

  get hidden(): boolean {
    const innermost = this.#open.at(-1);
    return innermost !== undefined && (innermost.hidden || !innermost.branch.shown);
  }

  /** Those that have no end. */
  get unclosed(): readonly Token[] {
    return this.#open.map(({ token }) => token);
  }

  /** @returns whether the tag is one of an `if`, and has its place */
  take(token: Token): boolean {
    const tag = tagOf(token);
    const innermost = this.#open.at(-1);
    if (tag === 'if' && token.type === 'tag_open')
      this.#open.push({ token, hidden: this.hidden, branch: new Branch(token, this.context) });
    else if (innermost === undefined) return false;
    else if (tag === 'else') innermost.branch.next(token, this.context);
    else if (tag === 'if' && token.type === 'tag_close') this.#open.pop();
    else return false;
    return true;
  }
}

/**
 * Where in an `if` one is. Conditions are literal values here: there are no variables, so that what depends on them is
 * not shown, as a draft or a secret of somebody would be.
 */
class Branch {
  #shown: boolean;
  #taken: boolean;

  constructor(token: Token, context: TagContext) {
    this.#shown = this.#taken = holds(token, context);
  }

  get shown(): boolean {
    return this.#shown;
  }

  /** Goes on to an `else`, which may have a condition too. */
  next(token: Token, context: TagContext): void {
    this.#shown = !this.#taken && (!hasCondition(token) || holds(token, context));
    this.#taken ||= this.#shown;
  }
}

export function tagOf({ meta }: Token): string | undefined {
  return typeof meta?.['tag'] === 'string' ? meta['tag'] : undefined;
}

function hasCondition({ meta }: Token): boolean {
  return meta?.['condition'] !== undefined;
}

function holds(token: Token, context: TagContext): boolean {
  const condition: unknown = token.meta?.['condition'];
  if (typeof condition === 'boolean') return condition;
  context.warn(
    'tag-unknown',
    `the condition of ${token.info.slice(0, 80)} is not known; what depends on it is left out`,
    token,
  );
  return false;
}
