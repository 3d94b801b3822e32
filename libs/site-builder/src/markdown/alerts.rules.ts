import type { Token } from 'markdown-it';
import { markup } from './tag-token.rules.js';
import { admonition, closedDiv } from './tag-elements.rules.js';

const ALERTS: ReadonlyMap<string, readonly [type: string, title: string]> = new Map([
  ['note', ['info', 'Note']],
  ['tip', ['success', 'Tip']],
  ['important', ['info', 'Important']],
  ['warning', ['warning', 'Warning']],
  ['caution', ['danger', 'Caution']],
]);

/** The marker alone on the first line, which may end with blanks or a backslash, as at a hard line break. */
const MARKER = /^(\[!([a-z]+)\])[ \t]*\\?(?:\n|$)/i;

/**
 * GitHub's alerts: quotes that begin with `[!NOTE]`, in any case.
 *
 * @see
 *   https://docs.github.com/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts
 */
export function useAlerts(tokens: Token[]): void {
  const open: boolean[] = [];
  tokens.forEach((token, index) => {
    if (token.type === 'blockquote_close') {
      if (open.pop() === true) Object.assign(token, markup(closedDiv));
    } else if (token.type === 'blockquote_open') open.push(useAlert(tokens, index));
  });
}

/**
 * @returns true if the quote at `index` is an alert; then its opening token becomes the box, and its marker is removed
 */
function useAlert(tokens: readonly Token[], index: number): boolean {
  const [quote, paragraph, inline, end] = tokens.slice(index, index + 4);
  const [, marker = '', name = ''] = MARKER.exec(inline?.type === 'inline' ? inline.content : '') ?? [];
  const alert = ALERTS.get(name.toLowerCase());
  const [first, lineEnd] = inline?.children ?? [];
  // A hidden `if` branch may precede the marker or be inside of it.
  if (!quote || !paragraph || !inline || !end || !alert || first?.content.trim() !== marker) return false;
  if (lineEnd !== undefined && lineEnd.type !== 'softbreak' && lineEnd.type !== 'hardbreak') return false;
  inline.children?.splice(0, 2);
  // Otherwise an alert that begins with a list or a second paragraph has an empty paragraph.
  if (inline.children?.length === 0) for (const token of [paragraph, inline, end]) token.hidden = true;
  Object.assign(quote, markup(admonition(...alert)));
  return true;
}
