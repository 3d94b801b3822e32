import type { Token } from 'markdown-it';

/** What a reader reads of inline Markdown; an image is read as its alternative text, and HTML as something. */
export function plainText(children: readonly Token[] | null | undefined): string {
  const parts = (children ?? []).map(({ type, content, children: inner }) => {
    if (type === 'image') return plainText(inner);
    if (type === 'softbreak' || type === 'hardbreak') return ' ';
    return content;
  });
  return parts.join('').trim();
}
