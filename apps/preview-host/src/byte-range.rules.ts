/** The part of a file that is sent, both ends included; or that there is no such part. */
export type ByteRange = { readonly start: number; readonly end: number } | 'unsatisfiable';

/**
 * The one range that a `Range` header asks for (https://www.rfc-editor.org/rfc/rfc9110#section-14). Players of films ask for
 * one, and Safari plays nothing that is not served so.
 *
 * @param bytes the size of the file
 * @returns null where all of it is to be sent: no range, several ones, one that makes no sense, and other units
 */
export function byteRangeOf(header: string | undefined, bytes: number): ByteRange | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/i.exec(header ?? '') ?? [];
  if (first === '') return last === '' ? null : suffixOf(Number(last), bytes);
  if (last !== '' && Number(last) < Number(first)) return null;
  if (Number(first) >= bytes) return 'unsatisfiable';
  return { start: Number(first), end: Math.min(last === '' ? Infinity : Number(last), bytes - 1) };
}

/** The last bytes of a file; all of it where it is shorter. */
function suffixOf(length: number, bytes: number): ByteRange {
  if (length === 0 || bytes === 0) return 'unsatisfiable';
  return { start: Math.max(0, bytes - length), end: bytes - 1 };
}
