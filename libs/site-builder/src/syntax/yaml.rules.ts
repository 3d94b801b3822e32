import { LineCounter, parseDocument } from 'yaml';
import { expandsBeyond } from './expansion.rules.js';
import { SourceSyntaxError } from './source-syntax.error.js';

/**
 * How often an anchor may be used, each use weighed with the aliases inside of it: enough for people, far too little for
 * a bomb (https://en.wikipedia.org/wiki/Billion_laughs_attack).
 */
const maxAliasCount = 1000;

/** How much longer a file may become when its aliases are written out. */
const maxExpansion = 10;

/**
 * Parses YAML 1.2, one document.
 *
 * @throws SourceSyntaxError with line and reason, also for alias bombs and absurd nesting
 */
export function parseYaml(text: string): unknown {
  try {
    const lineCounter = new LineCounter();
    // `uniqueKeys` compares every key with every other: quadratic on a hostile file.
    const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false, logLevel: 'error' });
    const [error] = document.errors;
    if (error) throw new SourceSyntaxError(reasonOf(error), lineCounter.linePos(error.pos[0]).line, { cause: error });
    const value = document.toJS({ maxAliasCount }) as unknown;
    if (expandsBeyond(value, maxExpansion * (text.length + 1000))) {
      throw new SourceSyntaxError('its aliases expand too far', undefined);
    }
    return value;
  } catch (error) {
    throw error instanceof SourceSyntaxError
      ? error
      : new SourceSyntaxError(reasonOf(error), undefined, { cause: error });
  }
}

/**
 * Parses JSON; what the engine leaves out of its message, the line, is found again.
 *
 * @throws SourceSyntaxError with line and reason
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new SourceSyntaxError(reasonOf(error), jsonErrorLine(text, reasonOf(error)), { cause: error });
  }
}

/** Some of V8's messages have a position, others quote ten characters before and after it; short texts are quoted whole. */
function jsonErrorLine(text: string, reason: string): number | undefined {
  const position = /at position (\d+)/.exec(reason)?.[1];
  if (position !== undefined) return lineAt(text, Number(position));
  if (reason.includes('end of JSON')) return lineAt(text, text.length);
  const quoted = /, \.\.\."([^]{0,100})"(?:\.\.\.)? is not valid JSON$/.exec(reason)?.[1];
  const start = quoted === undefined ? -1 : text.indexOf(quoted);
  return start === -1 ? undefined : lineAt(text, start + 10);
}

/** The line, counted from 1, of a position in `text`. */
export function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < position; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError || (error instanceof Error && error.message.includes('call stack')))
    return 'it is nested too deeply';
  return error instanceof Error ? error.message : String(error);
}
