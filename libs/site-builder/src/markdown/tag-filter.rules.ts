import type { MarkdownIt as Parser, StateCore, Token } from 'markdown-it';

/**
 * GitHub's list, and more elements whose removal would remove the text that follows. Written in prose, they are text.
 */
const FILTERED = [
  'title',
  'textarea',
  'style',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
  'script',
  'plaintext',
  'object',
  'select',
  'option',
  'template',
  'noscript',
].join('|');
const FILTERED_TAG = new RegExp(`<(?=/?(?:${FILTERED})(?![^\\s/>]))`, 'gi');

/** A closed drawing is removed as a whole; an opening tag alone is text. */
const DRAWING = /^<(svg|math)(?![^\s/>])/i;
const DRAWINGS = /<(?=(svg|math)(?![^\s/>]))/gi;

/**
 * A markdown-it plugin that shows forbidden tags as text, like GitHub. Dropping them would also drop the text up to
 * their end, or up to the end of the page.
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
    .replace(FILTERED_TAG, '&lt;')
    .replace(DRAWINGS, (bracket, name: string) => (closed.has(name.toLowerCase()) ? bracket : '&lt;'));
}

function showInline(children: readonly Token[]): void {
  const tags = children.filter(({ type }) => type === 'html_inline');
  if (tags.length === 0) return;
  const closed = closedIn(tags.map(({ content }) => content).join(''));
  for (const tag of tags) {
    const [, name] = DRAWING.exec(tag.content) ?? [];
    const unclosed = name !== undefined && !closed.has(name.toLowerCase());
    if (unclosed || tag.content.search(FILTERED_TAG) === 0) tag.type = 'text';
  }
}

function closedIn(markup: string): ReadonlySet<string> {
  return new Set(['svg', 'math'].filter((name) => markup.toLowerCase().includes(`</${name}`)));
}
