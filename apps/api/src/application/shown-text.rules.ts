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
