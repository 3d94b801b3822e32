import fc from 'fast-check';

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
}

const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat({ max: 8 }),
    insert: fc.uint8Array({ maxLength: 8 }),
  }),
  { maxLength: 6 },
);

/** A valid input with a few bytes replaced, removed or inserted, or cut short. */
export function mutated(valid: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return fc
    .tuple(valid, edits, fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 }))
    .map(([bytes, changes, cut]) => {
      const changed = changes.reduce((body, { at, remove, insert }) => {
        const start = Math.floor(at * body.length);
        return Buffer.concat([body.subarray(0, start), insert, body.subarray(start + remove)]);
      }, bytes);
      return cut === null ? changed : changed.subarray(0, Math.floor(cut * changed.length));
    });
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const DEEP = '[deep]';
const DEPTH = 20_000;

const oddValues: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, '', 0, -1, 1e308, 2 ** 53, true, [], {}, '\u0000', '\ud800', '__proto__', '😀'),
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.constant<Json>('x'.repeat(100_000)),
  fc.constant<Json>(DEEP),
);

/**
 * The text of a mutated document. Stack-deep nesting is put in here: a value of that depth cannot be handled as one.
 */
export function jsonText(document: unknown): string {
  return JSON.stringify(document).replaceAll(`"${DEEP}"`, () => '['.repeat(DEPTH) + ']'.repeat(DEPTH));
}

/** A JSON document in which a few values are replaced by odd ones or removed. */
export function mutatedJson(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const change = fc.record({ pick: fc.nat(), replacement: fc.option(oddValues, { freq: 3 }) });
  return fc.tuple(valid, fc.array(change, { maxLength: 4 })).map(([document, changes]) => {
    const copy = structuredClone(document);
    for (const { pick, replacement } of changes) replaceOne(copy, pick, replacement);
    return copy;
  });
}

function replaceOne(root: unknown, pick: number, replacement: Json | null): void {
  const places: [Record<string, unknown>, string][] = [];
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      places.push([value as Record<string, unknown>, key]);
      visit(child);
    }
  };
  visit(root);
  const place = places[pick % Math.max(1, places.length)];
  if (!place) return;
  const [parent, key] = place;
  if (replacement === null && pick % 2 === 0) Reflect.deleteProperty(parent, key);
  else parent[key] = structuredClone(replacement);
}
