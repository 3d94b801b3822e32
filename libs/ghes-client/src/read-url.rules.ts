/**
 * Parses a URL; returns undefined if it is invalid. Without `URL.canParse`: once optimized, that of Node 20 is false
 * for every text with a non-ASCII letter of Latin-1, such as `https://bücher.example`.
 */
export function readUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
