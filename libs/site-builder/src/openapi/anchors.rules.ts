import { isRecord } from '../syntax/values.rules.js';
import { escapePointer } from './references.rules.js';

/** Objects of a document that are searched for anchors. */
const MAX_OBJECTS = 200_000;

/**
 * JSON pointers of the schemas that have a name of their own: `#name` for `$anchor` and `$dynamicAnchor`, the address
 * for `$id`.
 *
 * @see https://json-schema.org/draft/2020-12/json-schema-core#section-8.2
 */
export function anchorsOf(document: unknown): ReadonlyMap<string, string> {
  const anchors = new Map<string, string>();
  const open: { readonly value: unknown; readonly pointer: string }[] = [{ value: document, pointer: '' }];
  const visited = new Set<unknown>();
  for (let at = 0; at < open.length && at < MAX_OBJECTS; at += 1) {
    const { value, pointer } = open[at] ?? {};
    if (typeof value !== 'object' || value === null || pointer === undefined || visited.has(value)) continue;
    visited.add(value);
    if (isRecord(value)) addNames(value, pointer, anchors);
    for (const [key, child] of Object.entries(value)) {
      if (typeof child === 'object' && child !== null && pointer.length < 10_000)
        open.push({
          value: child,
          pointer: `${pointer}/${encodeURIComponent(escapePointer(key))}`,
        });
    }
  }
  return anchors;
}

function addNames(value: Record<string, unknown>, pointer: string, anchors: Map<string, string>): void {
  for (const key of ['$anchor', '$dynamicAnchor', '$id']) {
    const name = value[key];
    if (typeof name !== 'string' || name === '') continue;
    const reference = key === '$id' ? name : `#${name}`;
    if (!anchors.has(reference)) anchors.set(reference, pointer);
  }
}
