import markdoc from '@markdoc/markdoc';
import type { MarkdownIt as Parser, StateBlock, StateInline } from 'markdown-it';

/** In characters, from `{%` to `%}`. Looking for an end that never comes would take quadratic time. */
const maxTagLength = 2000;

/**
 * Teaches a parser Markdoc's tags, and what Markdoc leaves out of Markdown: code by indentation, underlined headings. The
 * tokens are `tag_open`, `tag_close`, `tag`, `annotation`, or `tag_unknown` for what is none of those.
 *
 * @see https://markdoc.dev/docs/syntax#tags
 */
export function markdocTags(parser: Parser): void {
  parser.disable(['lheading', 'code']);
  const options = { alt: ['paragraph', 'blockquote', 'list', 'reference'] };
  parser.block.ruler.before('paragraph', 'markdoc_tag', blockTag, options);
  parser.inline.ruler.before('text', 'markdoc_tag', inlineTag);
}

function blockTag(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0);
  const end = tagEnd(state.src, start);
  if (end === undefined) return false;
  let lastLine = startLine;
  while (lastLine < endLine - 1 && (state.eMarks[lastLine] ?? end) < end) lastLine += 1;
  const lineEnd = state.eMarks[lastLine] ?? end;
  if (lineEnd < end || state.src.slice(end, lineEnd).trim() !== '') return false;
  if (silent) return true;
  pushTag(state, state.src.slice(start, end)).map = [startLine, lastLine + 1];
  state.line = lastLine + 1;
  return true;
}

function inlineTag(state: StateInline, silent: boolean): boolean {
  const end = tagEnd(state.src, state.pos);
  if (end === undefined) return false;
  if (!silent) pushTag(state, state.src.slice(state.pos, end));
  state.pos = end;
  return true;
}

const kinds = new Set(['tag_open', 'tag_close', 'tag', 'annotation']);

function pushTag(state: StateBlock | StateInline, source: string): ReturnType<StateBlock['push']> {
  const parsed = markdoc.parseTags(source).find(({ type }) => type !== 'text');
  // Without nesting: whether open tags are closed, and where, is looked at when the page is whole.
  const token = state.push(parsed !== undefined && kinds.has(parsed.type) ? parsed.type : 'tag_unknown', '', 0);
  token.meta = metaOf(parsed?.meta, source);
  token.info = source;
  return token;
}

/**
 * The name of a `tag`, those of its `attributes` that are plain values, and of an `if` or `else` the `condition`: whether it
 * holds, or null where that depends on what is not known here.
 */
function metaOf(meta: unknown, source: string): Record<string, unknown> {
  const { tag, attributes } = (meta ?? {}) as { tag?: string; attributes?: { name: string; value: unknown }[] | null };
  const texts = (attributes ?? []).flatMap(({ name, value }): [string, string][] =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
  );
  const primary = (attributes ?? []).find(({ name }) => name === 'primary');
  const condition = isFalse.test(source) ? false : primary && (typeof primary.value === 'object' ? null : true);
  return {
    ...(tag !== undefined && { tag }),
    attributes: new Map(texts),
    ...(condition !== undefined && { condition }),
  };
}

/** All other values are true. Markdoc's own parser leaves these two out. */
const isFalse = /^\{%\s*(?:if|else)\s+(?:false|null)\s*\/?%\}$/;

/** The position behind the tag that begins at `start`; quoted text may contain `%}`. */
function tagEnd(source: string, start: number): number | undefined {
  if (!source.startsWith('{%', start)) return undefined;
  const tag = /^\{%(?:[^"%]|"(?:[^"\\]|\\[^])*"|%(?!\}))*%\}/.exec(source.slice(start, start + maxTagLength));
  return tag ? start + tag[0].length : undefined;
}
