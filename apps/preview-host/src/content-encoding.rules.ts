import Negotiator from 'negotiator';

export type ContentEncoding = 'br' | 'gzip';

/** Texts. Other content is compressed already, or is not worth it. */
const COMPRESSIBLE =
  /^(?:text\/|application\/(?:json|javascript|xml|yaml|wasm)|image\/svg\+xml|[^;]+\+(?:json|xml|yaml))/;
/** A smaller file fits into one packet, whether it is compressed or not. */
const MIN_BYTES = 1_024;
/** A larger file would occupy memory and a thread of the process for too long. */
const MAX_BYTES = 8 * 1024 * 1024;

/** True if files of this type and size are sent compressed to clients that accept it. */
export function isCompressible(contentType: string, bytes: number): boolean {
  return bytes >= MIN_BYTES && bytes <= MAX_BYTES && COMPRESSIBLE.test(contentType);
}

/**
 * The encoding to send: brotli before gzip. Returns null to send the content as it is.
 *
 * @param acceptEncoding the request's header of this name
 */
export function encodingFor(acceptEncoding: string | undefined): ContentEncoding | null {
  // Without the header, every encoding is acceptable (RFC 9110 12.5.3), but such a client may not know them.
  if (acceptEncoding === undefined) return null;
  const accepted = new Negotiator({ headers: { 'accept-encoding': acceptEncoding } }).encodings(['br', 'gzip']);
  return (['br', 'gzip'] as const).find((encoding) => accepted.includes(encoding)) ?? null;
}
