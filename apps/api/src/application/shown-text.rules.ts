/** Longer files are not for reading in a browser. */
export const MAX_SHOWN_BYTES = 1_048_576;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A file's text; null where it is too long, or no text at all. A symbolic link's text is where it points. */
export function shownText(body: Uint8Array): string | null {
  if (body.length > MAX_SHOWN_BYTES || body.includes(0)) return null;
  try {
    return decoder.decode(body);
  } catch {
    return null;
  }
}
