import { isRecord } from '../syntax/values.rules.js';

/** References may lead to references; a chain longer than this is a mistake, or a circle. */
const maxChain = 20;

/** Follows `$ref` inside of a document; undefined where it leads nowhere, or for ever in a circle. */
export function resolveRef(document: unknown, value: unknown): unknown {
  let current = value;
  for (let step = 0; step < maxChain; step += 1) {
    if (!isRecord(current) || typeof current['$ref'] !== 'string') return current;
    current = lookUp(document, current['$ref']);
  }
  return undefined;
}

/** What a JSON pointer in a URI fragment leads to (RFC 6901, section 6). */
export function lookUp(document: unknown, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined;
  let current = document;
  for (const part of ref.slice(2).split('/').map(unescapePointer)) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    current = (current as Record<string, unknown>)[part];
  }
  return current;
}

/** A name as a part of a JSON pointer. */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescapePointer(part: string): string {
  let decoded = part;
  try {
    decoded = decodeURIComponent(part);
  } catch {
    // A name with a percent sign of its own.
  }
  return decoded.replaceAll('~1', '/').replaceAll('~0', '~');
}
