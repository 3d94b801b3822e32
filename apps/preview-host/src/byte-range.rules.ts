/** The part of a file to send, both ends included, or that the requested part does not exist. */
export type ByteRange = { readonly start: number; readonly end: number } | 'unsatisfiable';

/**
 * Parses a `Range` header with a single range (https://www.rfc-editor.org/rfc/rfc9110#section-14). Video players
 * request single ranges, and Safari plays nothing from a server without them. The package `range-parser` 1.x answers
 * 416 to `bytes=-99` of a shorter file, where RFC 9110 14.1.2 asks for all of it; its version 2 does not support Node
 * 20.
 *
 * @param bytes size of the file
 * @returns null to send the whole file: no range, several ranges, a malformed range, or another unit
 */
export function byteRangeOf(header: string | undefined, bytes: number): ByteRange | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/i.exec(header ?? '') ?? [];
  if (first === '') return last === '' ? null : suffixOf(Number(last), bytes);
  if (last !== '' && Number(last) < Number(first)) return null;
  if (Number(first) >= bytes) return 'unsatisfiable';
  return { start: Number(first), end: Math.min(last === '' ? Infinity : Number(last), bytes - 1) };
}

/** The last `length` bytes, or the whole file if it is shorter. */
function suffixOf(length: number, bytes: number): ByteRange {
  if (length === 0 || bytes === 0) return 'unsatisfiable';
  return { start: Math.max(0, bytes - length), end: bytes - 1 };
}
