/**
 * The URL that a text is, or undefined. Not `URL.canParse`: once it is called often enough to be optimised, Node 20's says no
 * to every text with a letter of Latin-1 that is not ASCII, such as `https://bücher.example`.
 */
export function readUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
