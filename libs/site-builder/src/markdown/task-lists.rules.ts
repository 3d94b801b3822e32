import type { MarkdownIt as Parser, StateCore } from 'markdown-it';

const BOX = /^\[([ xX])\](?=\s)/;

/**
 * A markdown-it plugin for GitHub's task lists: `- [x] done`. Renders the box as a character: the existing plugins are
 * unmaintained and render `input` elements, which the sanitizer removes.
 *
 * @see https://github.github.com/gfm/#task-list-items-extension-
 */
export function taskLists(parser: Parser): void {
  parser.core.ruler.after('inline', 'task_lists', ({ tokens }: StateCore) => {
    tokens.forEach((item, index) => {
      if (item.type !== 'list_item_open' || tokens[index + 1]?.type !== 'paragraph_open') return;
      const text = tokens[index + 2]?.children?.[0];
      const [, mark] = text?.type === 'text' ? (BOX.exec(text.content) ?? []) : [];
      if (!text || mark === undefined) return;
      text.content = text.content.replace(BOX, mark === ' ' ? '☐' : '☑');
      item.attrSet('class', 'task');
    });
  });
}
