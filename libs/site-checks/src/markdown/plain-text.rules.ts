import type { Token } from 'markdown-it';

/** The text of inline Markdown without its markup. An image counts as its alternative text, HTML as written. */
export function plainText(children: readonly Token[] | null | undefined): string {
  const parts = (children ?? []).map(({ type, content, children: inner }) => {
    if (type === 'image') return plainText(inner);
    if (type === 'softbreak' || type === 'hardbreak') return ' ';
    return content;
  });
  return parts.join('').trim();
}
