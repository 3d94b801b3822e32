import type { LinkedDocuments } from './linked-documents.js';
import { slowPattern } from './pattern-probe.js';

/** Why a description is not linted. */
export interface Rejection {
  readonly rule: 'openapi-too-complex' | 'pattern-unsafe';
  readonly message: string;
}

/**
 * Redocly's time and memory grow faster than the size of a description. These limits keep it within the time limit of a
 * check (measured with Redocly 2.64 on two cores): 300,000 values 6 s, 10,000 operations 8 s, a chain of 100 references
 * 0.4 s (of 1,000: 13 s and 0.5 GB), 16,000 composed schemas 0.7 s.
 */
const MAX_VALUES = 250_000;
const MAX_PATHS = 10_000;
const MAX_REFERENCE_CHAIN = 100;
const MAX_COMPOSED_SCHEMAS = 16_000;

/** Values are walked with their documents; Redocly rejects deeper nesting anyway. */
const MAX_DEPTH = 500;

const COMPOSITION_KEYWORDS = ['allOf', 'anyOf', 'oneOf'];
/** Values of these keywords are validated against `pattern`. */
const EXAMPLE_KEYWORDS = new Set(['example', 'examples', 'default', 'enum', 'const', 'value']);

/**
 * Checks a description, and the files it refers to, before Redocly reads them: it takes exponential time for nested
 * compositions and for the `pattern`s of a hostile author.
 *
 * @param configuredPatterns regular expressions of `redocly.yaml`, which may be matched against any text
 * @returns null if the description can be linted
 */
export function rejectionOf(documents: LinkedDocuments, configuredPatterns: readonly string[]): Rejection | null {
  if (documents.isTruncated) return tooComplex('It refers to too many files');
  const contents = collect(documents);
  if (contents === null) {
    return tooComplex(`It has more than ${MAX_VALUES} values, or is nested deeper than ${MAX_DEPTH} levels`);
  }
  if (contents.paths > MAX_PATHS) return tooComplex(`It has more than ${MAX_PATHS} paths`);
  if (contents.references.some((reference) => isChainTooLong(reference, documents))) {
    return tooComplex(`It has a chain of more than ${MAX_REFERENCE_CHAIN} references`);
  }
  if (new CompositionCounter(documents).exceeds(contents.schemas)) {
    return tooComplex(`allOf, anyOf and oneOf combine more than ${MAX_COMPOSED_SCHEMAS} schemas`);
  }
  const pattern =
    slowPattern(contents.patterns, contents.examples) ??
    (configuredPatterns.length === 0 ? null : slowPattern(configuredPatterns, contents.texts));
  return pattern === null ? null : { rule: 'pattern-unsafe', message: unsafePattern(pattern) };
}

function unsafePattern(pattern: string): string {
  const shown = JSON.stringify(pattern.slice(0, 200));
  return `The pattern ${shown} takes too long to match; the description is not linted`;
}

function tooComplex(message: string): Rejection {
  return { rule: 'openapi-too-complex', message: `${message}; the description is not linted` };
}

type Schema = Readonly<Record<string, unknown>>;

interface Contents {
  readonly references: Schema[];
  /** Objects with `allOf`, `anyOf` or `oneOf`. */
  readonly schemas: Schema[];
  readonly patterns: Set<string>;
  /** Keys and values that are validated against `pattern`. */
  readonly examples: Set<string>;
  /** All keys and values. */
  readonly texts: Set<string>;
  // eslint-disable-next-line no-restricted-syntax -- counts the paths of all documents
  paths: number;
}

interface Entry {
  readonly value: unknown;
  readonly depth: number;
  readonly isExample: boolean;
}

/** Walks all documents once. Returns null beyond the limits. */
function collect(documents: LinkedDocuments): Contents | null {
  const contents: Contents = {
    references: [],
    schemas: [],
    patterns: new Set(),
    examples: new Set(),
    texts: new Set(),
    paths: 0,
  };
  const open: Entry[] = documents.roots.map((value) => ({ value, depth: 0, isExample: false }));
  let values = 0;
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const { value, depth, isExample } = entry;
    values += 1;
    if (values > MAX_VALUES || depth > MAX_DEPTH) return null;
    if (typeof value === 'string') collectText(value, isExample, contents);
    if (typeof value !== 'object' || value === null) continue;
    const isList = Array.isArray(value);
    if (!isList) collectObject(value as Schema, contents);
    for (const [key, child] of Object.entries(value)) {
      if (!isList) collectText(key, isExample, contents);
      const isChildExample = isExample || (!isList && EXAMPLE_KEYWORDS.has(key));
      open.push({ value: child, depth: depth + 1, isExample: isChildExample });
    }
  }
  return contents;
}

function collectText(text: string, isExample: boolean, { texts, examples }: Contents): void {
  texts.add(text);
  if (isExample) examples.add(text);
}

function collectObject(value: Schema, contents: Contents): void {
  if (typeof value['$ref'] === 'string') contents.references.push(value);
  if (COMPOSITION_KEYWORDS.some((keyword) => Array.isArray(value[keyword]))) contents.schemas.push(value);
  if (typeof value['pattern'] === 'string') contents.patterns.add(value['pattern']);
  const { patternProperties } = value;
  if (isObject(patternProperties)) Object.keys(patternProperties).forEach((key) => contents.patterns.add(key));
  for (const key of ['paths', 'webhooks']) {
    const items = value[key];
    if (isObject(items)) contents.paths += Object.keys(items).length;
  }
}

function isChainTooLong(reference: Schema, documents: LinkedDocuments): boolean {
  let current: unknown = reference;
  for (let length = 0; length <= MAX_REFERENCE_CHAIN; length += 1) {
    if (!isObject(current) || typeof current['$ref'] !== 'string') return false;
    const target = documents.resolve(current);
    // A reference to itself: Redocly reports it.
    if (target === reference) return false;
    current = target;
  }
  return true;
}

/**
 * Counts the schemas that composition keywords combine, written out without references. Linear: each is counted once.
 */
class CompositionCounter {
  private readonly counts = new Map<unknown, number>();

  constructor(private readonly documents: LinkedDocuments) {}

  exceeds(schemas: readonly Schema[]): boolean {
    return schemas.some((schema) => this.count(schema, 0) > MAX_COMPOSED_SCHEMAS);
  }

  private count(value: unknown, depth: number): number {
    if (!isObject(value)) return 0;
    if (depth > MAX_DEPTH) return Infinity;
    const counted = this.counts.get(value);
    if (counted !== undefined) return counted;
    // Set before descending, so that a cycle ends here.
    this.counts.set(value, 1);
    let count = 1;
    if (typeof value['$ref'] === 'string') count += this.count(this.documents.resolve(value), depth + 1);
    for (const keyword of COMPOSITION_KEYWORDS) {
      const parts = value[keyword];
      if (Array.isArray(parts)) for (const part of parts as unknown[]) count += this.count(part, depth + 1);
    }
    this.counts.set(value, count);
    return count;
  }
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
