import type { Token } from 'markdown-it';
import type { TagContext } from './tag-tree.rules.js';

/**
 * Where in an `if` one is. Conditions are literal values here: there are no variables, so that what depends on them is
 * not shown, as a draft or a secret of somebody would be.
 */
export class Branch {
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
