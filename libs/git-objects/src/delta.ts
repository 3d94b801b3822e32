import { MalformedObjectError } from './malformed-object.error.js';

const COPY = 0x80;
/** The length of a copy that has none; see gitformat-pack(5). */
const DEFAULT_COPY_LENGTH = 0x10000;

/** Reads a size of a delta or pack entry: groups of seven bits, lowest first. */
export function readSize(bytes: Buffer, at: number): { value: number; end: number } {
  let value = 0;
  let factor = 1;
  for (let end = at; end < bytes.length && factor <= Number.MAX_SAFE_INTEGER;) {
    const byte = bytes[end++] ?? 0;
    value += (byte & 0x7f) * factor;
    factor *= 0x80;
    if (byte < 0x80 && Number.isSafeInteger(value)) return { value, end };
  }
  throw malformed('a size is incomplete or too large');
}

/** The size of the object that a delta produces, in bytes. */
export function deltaResultSize(delta: Buffer): number {
  return readSize(delta, readSize(delta, 0).end).value;
}

/**
 * Applies a delta to its base. Every copy is checked against the base and every byte against the announced size.
 * Allocates the announced size: check {@link deltaResultSize} first.
 *
 * @throws MalformedObjectError if the delta does not fit the base or its own sizes
 */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const baseSize = readSize(delta, 0);
  const resultSize = readSize(delta, baseSize.end);
  if (baseSize.value !== base.length) throw malformed('it is for another base');
  const result = Buffer.allocUnsafe(resultSize.value);
  let written = 0;
  let at = resultSize.end;
  while (at < delta.length) {
    const op = delta[at++] ?? 0;
    if (op === 0) throw malformed('it contains the reserved instruction');
    const part = op & COPY ? readCopy(delta, at, op) : { source: delta, start: at, length: op, next: at + op };
    const source = part.source ?? base;
    if (part.start + part.length > source.length) throw malformed('an instruction reads past the end');
    if (written + part.length > result.length) throw malformed('it produces more than it announced');
    source.copy(result, written, part.start, part.start + part.length);
    written += part.length;
    at = part.next;
  }
  if (written !== result.length) throw malformed('it produces less than it announced');
  return result;
}

/**
 * Bits 0–3 of the instruction mark the following bytes of the offset, bits 4–6 those of the length; others are zero.
 */
function readCopy(delta: Buffer, at: number, op: number) {
  let next = at;
  const field = (bits: readonly number[]) =>
    bits.reduce((value, bit, index) => {
      if (!(op & (1 << bit))) return value;
      const byte = delta[next++];
      if (byte === undefined) throw malformed('an instruction is incomplete');
      return value + byte * 0x100 ** index;
    }, 0);
  const start = field([0, 1, 2, 3]);
  const length = field([4, 5, 6]);
  return { source: null, start, length: length === 0 ? DEFAULT_COPY_LENGTH : length, next };
}

function malformed(why: string): MalformedObjectError {
  return new MalformedObjectError(`The delta is malformed: ${why}.`);
}
