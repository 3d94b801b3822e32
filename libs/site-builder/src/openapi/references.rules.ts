import { isRecord } from '../syntax/values.rules.js';
import type { Description } from './detect.rules.js';

/** References may lead to references; a chain longer than this is a mistake, or a circle. */
const maxChain = 20;

export interface Resolved {
  readonly value: unknown;
  /** The last reference that was followed, e.g. `#/components/schemas/Pet`; undefined if there was none. */
  readonly ref?: string;
  /** A reference that was not followed: outside of the file (never fetched), dangling or circular. */
  readonly unresolved?: string;
}

/** Follows `$ref` inside of the description, and nowhere else. */
export function resolveRef(description: Description, value: unknown): Resolved {
  let current = value;
  let ref: string | undefined;
  for (let step = 0; step < maxChain; step += 1) {
    const next = refOf(current);
    if (next === undefined) return ref === undefined ? { value: current } : { value: current, ref };
    const found = lookUp(description, next);
    if (found === undefined) return { value: undefined, unresolved: next };
    current = found;
    ref = next;
  }
  return { value: undefined, ...(ref !== undefined && { unresolved: ref }) };
}

export function refOf(value: unknown): string | undefined {
  return isRecord(value) && typeof value['$ref'] === 'string' ? value['$ref'] : undefined;
}

/** The last name of a reference: `Pet` of `#/components/schemas/Pet`. */
export function nameOfRef(ref: string): string {
  return unescapePointer(ref.slice(ref.lastIndexOf('/') + 1));
}

/** A JSON pointer in a URI fragment (RFC 6901, section 6). */
function lookUp(description: Description, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined;
  let current: unknown = description;
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
