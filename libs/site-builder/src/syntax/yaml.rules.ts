import { createRequire } from 'node:module';
import type Yaml from 'yaml';
import type { CST, Document, LineCounter } from 'yaml';
import { expandsBeyond } from './expansion.rules.js';
import { applyMergeKeys } from './merge-keys.rules.js';
import { SourceSyntaxError } from './source-syntax.error.js';

const require = createRequire(import.meta.url);

/** Loads the parser on first use: a site with simple front matter only does not need it. */
function yaml(): typeof Yaml {
  return require('yaml') as typeof Yaml;
}

/**
 * Maximum number of uses of an anchor, weighted with the aliases inside of it. Prevents alias bombs
 * (https://en.wikipedia.org/wiki/Billion_laughs_attack).
 */
const MAX_ALIAS_COUNT = 1000;

/** Maximum growth of a file when its aliases are expanded. */
const MAX_EXPANSION = 10;

/** Digits of an integer that a number may not represent exactly. */
const LARGE_INTEGER = /\d{16}/;

/**
 * Maximum depth of collections. The composer is recursive, and near the end of the stack V8 may end the whole process
 * instead of throwing: "RegExpCompiler Allocation failed", on Node 20 with 2 KiB of `[`.
 */
const MAX_DEPTH = 500;

/**
 * Parses YAML 1.2, one document, with the merge keys of YAML 1.1, which other tools support too. Integers that a number
 * cannot represent become strings with their digits.
 *
 * @throws SourceSyntaxError with line and reason, also for alias bombs and too deep nesting
 */
export function parseYaml(text: string): unknown {
  try {
    const lineCounter = new (yaml().LineCounter)();
    const intAsBigInt = LARGE_INTEGER.test(text);
    const document = documentOf(text, lineCounter, intAsBigInt);
    const [error] = document.errors;
    if (error) throw new SourceSyntaxError(reasonOf(error), lineCounter.linePos(error.pos[0]).line, { cause: error });
    const value = document.toJS({
      maxAliasCount: MAX_ALIAS_COUNT,
      ...(intAsBigInt && { reviver: exactNumber }),
    }) as unknown;
    const limit = MAX_EXPANSION * (text.length + 1000);
    if ((text.includes('<<') && !applyMergeKeys(value, limit)) || expandsBeyond(value, limit)) {
      throw new SourceSyntaxError('YAML aliases expand too far', undefined);
    }
    return value;
  } catch (error) {
    throw error instanceof SourceSyntaxError
      ? error
      : new SourceSyntaxError(reasonOf(error), undefined, { cause: error });
  }
}

/** Parses like `parseDocument` of `yaml`, and checks the depth before the recursive step. */
function documentOf(text: string, lineCounter: LineCounter, intAsBigInt: boolean): Document.Parsed {
  const { Composer, Parser } = yaml();
  const tokens = [...new Parser(lineCounter.addNewLine).parse(text)];
  if (isDeeperThan(tokens, MAX_DEPTH)) throw new SourceSyntaxError('the file is nested too deeply', undefined);
  // `uniqueKeys` compares every key with every other: quadratic on a hostile file.
  const composer = new Composer({
    lineCounter,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
    intAsBigInt,
  });
  let document: Document.Parsed | undefined;
  for (const next of composer.compose(tokens, true, text.length)) {
    if (document !== undefined) {
      // Errors of the first document come first.
      if (document.errors.length > 0) break;
      throw new SourceSyntaxError('the file has more than one document', lineCounter.linePos(next.range[0]).line);
    }
    document = next;
  }
  if (document === undefined) throw new SourceSyntaxError('the file has no document', undefined);
  return document;
}

function isDeeperThan(tokens: readonly CST.Token[], limit: number): boolean {
  let level = [...tokens];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap(insideOf);
  }
  return false;
}

function insideOf(token: CST.Token): CST.Token[] {
  const inside = 'items' in token ? token.items.flatMap(({ key, value }) => [key, value]) : [];
  if (token.type === 'document') inside.push(token.value);
  return inside.filter((one) => one !== undefined && one !== null);
}

function exactNumber(_key: unknown, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** Quotes integers that a number cannot represent. Takes linear time only on valid JSON, in which all strings end. */
function withExactIntegers(json: string): string {
  return json.replace(STRING_OR_NUMBER, (token) =>
    /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\[^])*"|[-\d][\d.eE+-]*/g;

/**
 * Parses JSON. Finds the line of an error, which V8's messages lack. Integers that a number cannot represent become
 * strings with their digits.
 *
 * @throws SourceSyntaxError with line and reason
 */
export function parseJson(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    return LARGE_INTEGER.test(text) ? (JSON.parse(withExactIntegers(text)) as unknown) : value;
  } catch (error) {
    throw new SourceSyntaxError(reasonOf(error), jsonErrorLine(text, reasonOf(error)), { cause: error });
  }
}

/**
 * Some of V8's messages have a position; others quote ten characters before and after it, or the whole text if it is
 * short.
 */
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
    return 'the file is nested too deeply';
  return error instanceof Error ? error.message : String(error);
}
