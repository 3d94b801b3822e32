/** True for pages that the site builder renders from Markdown. */
export function isMarkdown(path: string): boolean {
  return /\.(?:md|markdown|mdoc)$/i.test(path);
}
