import type { MarkdownIt as Parser, StateCore } from 'markdown-it';

const box = /^\[([ xX])\](?=\s)/;

/**
 * Teaches a parser GitHub's task lists: `- [x] done`. The box is a character: the plugins that there are make `input`
 * elements, which no page may have, and none has been maintained for years.
 *
 * @see https://github.github.com/gfm/#task-list-items-extension-
 */
export function taskLists(parser: Parser): void {
  parser.core.ruler.after('inline', 'task_lists', ({ tokens }: StateCore) => {
    tokens.forEach((item, index) => {
      if (item.type !== 'list_item_open' || tokens[index + 1]?.type !== 'paragraph_open') return;
      const text = tokens[index + 2]?.children?.[0];
      const [, mark] = text?.type === 'text' ? (box.exec(text.content) ?? []) : [];
      if (!text || mark === undefined) return;
      text.content = text.content.replace(box, mark === ' ' ? '☐' : '☑');
      item.attrSet('class', 'task');
    });
  });
}
