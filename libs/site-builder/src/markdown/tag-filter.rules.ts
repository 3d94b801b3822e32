import type { MarkdownIt as Parser, StateCore, Token } from 'markdown-it';

/** GitHub's list, and more elements that would take what follows with them: written in prose, they are spoken of. */
const filtered = [
  ...['title', 'textarea', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'script', 'plaintext'],
  ...['object', 'select', 'option', 'template', 'noscript'],
].join('|');
const filteredTag = new RegExp(`<(?=/?(?:${filtered})(?![^\\s/>]))`, 'gi');

/** Drawings that are closed where they are opened are left out as one; an opening tag alone is spoken of. */
const drawing = /^<(svg|math)(?![^\s/>])/i;
const drawings = /<(?=(svg|math)(?![^\s/>]))/gi;

/**
 * Teaches a parser to show tags that no page may have as text, like GitHub: dropped, they would take the text up to their
 * end with them, which is the end of the page where they are never closed.
 *
 * @see https://github.github.com/gfm/#disallowed-raw-html-extension-
 */
export function tagFilter(parser: Parser): void {
  parser.core.ruler.push('tag_filter', ({ tokens }: StateCore) => {
    for (const token of tokens) {
      if (token.type === 'html_block') token.content = shown(token.content);
      else showInline(token.children ?? []);
    }
  });
}

function shown(markup: string): string {
  const closed = closedIn(markup);
  return markup
    .replace(filteredTag, '&lt;')
    .replace(drawings, (bracket, name: string) => (closed.has(name.toLowerCase()) ? bracket : '&lt;'));
}

function showInline(children: readonly Token[]): void {
  const tags = children.filter(({ type }) => type === 'html_inline');
  const closed = closedIn(tags.map(({ content }) => content).join(''));
  for (const tag of tags) {
    const [, name] = drawing.exec(tag.content) ?? [];
    const unclosed = name !== undefined && !closed.has(name.toLowerCase());
    if (unclosed || tag.content.search(filteredTag) === 0) tag.type = 'text';
  }
}

function closedIn(markup: string): ReadonlySet<string> {
  return new Set(['svg', 'math'].filter((name) => markup.toLowerCase().includes(`</${name}`)));
}
