import MarkdownIt, { type Token } from 'markdown-it';
import { extensionOf } from '../source/paths.rules.js';
import type { Attributes } from './tag-elements.rules.js';

/** Files that one page may show. */
export const MAX_SNIPPETS = 50;
/** In bytes, of one file. */
export const MAX_SNIPPET_BYTES = 256 * 1024;

/** A tag that shows a file as code, and the name of the file. Bounded: a tag is short. */
const SNIPPET = /\{%\s{0,9}code-snippet\s[^%]{0,500}?\bfile\s{0,3}=\s{0,3}"([^"]{1,300})"/g;

/** The files that the tags `code-snippet` of a page name, as written. They are read before the page is rendered. */
export function snippetFilesIn(text: string): readonly string[] {
  if (!text.includes('code-snippet')) return [];
  return [...new Set(Array.from(text.matchAll(SNIPPET), ([, file = '']) => file))].slice(0, MAX_SNIPPETS);
}

/**
 * The code of a file, or the part between the lines `from` and `to`, which are numbers or text of the line.
 *
 * @see https://redocly.com/docs/realm/content/markdoc-tags/code-snippet
 */
export function snippetToken(content: string, file: string, attributes: Attributes): Token {
  const lines = content.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  const from = lineOf(attributes.get('from'), lines, 0) ?? 0;
  const to = lineOf(attributes.get('to'), lines, from) ?? lines.length - 1;
  const fence = new MarkdownIt.Token('fence', 'code', 0);
  fence.info = attributes.get('language') ?? extensionOf(file);
  fence.content = `${lines.slice(from, to + 1).join('\n')}\n`;
  return fence;
}

/** The position of a line, counted from 0. */
function lineOf(value: string | undefined, lines: readonly string[], from: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,7}$/.test(value)) return Number(value) - 1;
  const position = lines.findIndex((line, at) => at >= from && line.includes(value));
  return position === -1 ? undefined : position;
}
