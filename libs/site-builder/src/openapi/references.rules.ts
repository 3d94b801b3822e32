import { isRecord } from '../syntax/values.rules.js';

/** Maximum length of a chain of references. A longer one is an error or a cycle. */
const MAX_CHAIN = 20;

/** Follows `$ref` inside of a document. Returns undefined if it cannot be resolved or forms a cycle. */
export function resolveRef(document: unknown, value: unknown): unknown {
  let current = value;
  for (let step = 0; step < MAX_CHAIN; step += 1) {
    if (!isRecord(current) || typeof current['$ref'] !== 'string') return current;
    current = lookUp(document, current['$ref']);
  }
  return undefined;
}

/** The value at a JSON pointer in a URI fragment (RFC 6901, section 6). */
export function lookUp(document: unknown, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined;
  let current = document;
  for (const part of ref.slice(2).split('/').map(unescapePointer)) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    current = (current as Record<string, unknown>)[part];
  }
  return current;
}

/** Escapes a name for a JSON pointer. */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescapePointer(part: string): string {
  let decoded = part;
  try {
    decoded = decodeURIComponent(part);
  } catch {
    // The name contains a literal percent sign.
  }
  return decoded.replaceAll('~1', '/').replaceAll('~0', '~');
}
