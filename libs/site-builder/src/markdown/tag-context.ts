import type { Token } from 'markdown-it';
import type { WarningCode } from '../problem.js';

/** Callbacks of a page for the resolution of its tags. */
export interface TagContext {
  readonly warn: (code: WarningCode, message: string, token: Token) => void;
  /** Returns the tokens of an included file, or none if it cannot be included. */
  readonly include: (file: string, token: Token) => readonly Token[];
  /** Returns the tokens of a `code-snippet`, whose file was read before. Default: none. */
  readonly snippet?: (token: Token) => readonly Token[];
}
