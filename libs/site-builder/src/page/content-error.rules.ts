import type { PageErrorCode } from '../problem.js';
import { SourceSyntaxError } from '../syntax/source-syntax.error.js';
import { PageTooComplexError } from './page-too-complex.error.js';

export interface ContentError {
  readonly code: PageErrorCode;
  readonly message: string;
  readonly line?: number;
}

/**
 * Errors that V8 throws for a value that the code does not expect, e.g. text that is nested too deeply for the stack.
 */
const ERRORS_OF_CODE: ReadonlySet<string> = new Set(['RangeError', 'TypeError', 'SyntaxError', 'ReferenceError']);

/**
 * Describes an error that the content of a file causes. One file must not fail the site, so this includes errors of
 * ours.
 *
 * @param code of a syntax error
 * @throws the error itself if another cause is likely, e.g. a store that does not answer: a retry may succeed
 */
export function contentErrorOf(error: unknown, code: PageErrorCode): ContentError {
  if (error instanceof SourceSyntaxError)
    return { code, message: error.reason, ...(error.line !== undefined && { line: error.line }) };
  if (error instanceof PageTooComplexError) return { code: error.code, message: error.message };
  // By name: jest runs code in a context with classes of its own. `fetch` throws a TypeError with a cause.
  if (error instanceof Error && ERRORS_OF_CODE.has(error.name) && error.cause === undefined) {
    const tooDeep = error.message.includes('call stack');
    const message = tooDeep ? 'the file is nested too deeply' : `the page cannot be rendered: ${error.message}`;
    return { code: 'page-too-complex', message };
  }
  throw error;
}
