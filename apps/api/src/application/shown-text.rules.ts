/** Largest file that is shown in a browser. */
export const MAX_SHOWN_BYTES = 1_048_576;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes a file as UTF-8. Returns null if it is too large or binary. The text of a symbolic link is its target. */
export function shownText(body: Uint8Array): string | null {
  if (body.length > MAX_SHOWN_BYTES || body.includes(0)) return null;
  try {
    return decoder.decode(body);
  } catch {
    return null;
  }
}

/** First bytes of the image formats that every browser shows, after an offset. SVG is text. */
const SIGNATURES = [
  { type: 'image/png', offset: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', offset: 0, bytes: '\xff\xd8\xff' },
  { type: 'image/gif', offset: 0, bytes: 'GIF8' },
  { type: 'image/webp', offset: 8, bytes: 'WEBP' },
  { type: 'image/avif', offset: 4, bytes: 'ftypavif' },
] as const;

/** Returns an image as a `data:` URL; null for other files. */
export function shownImage(body: Buffer): string | null {
  const format = SIGNATURES.find(
    ({ offset, bytes }) => body.toString('latin1', offset, offset + bytes.length) === bytes,
  );
  return format === undefined ? null : `data:${format.type};base64,${body.toString('base64')}`;
}
