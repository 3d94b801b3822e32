import markdoc from '@markdoc/markdoc';
import MarkdownIt, { type MarkdownIt as Parser, type StateBlock, type StateInline, type Token } from 'markdown-it';

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
  parser.block.ruler.at('html_block', htmlBlock, { alt: ['paragraph', 'reference', 'blockquote'] });
}

function blockTag(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = startOf(state, startLine);
  const end = tagEnd(state.src, start);
  if (end === undefined) return false;
  let lastLine = startLine;
  while (lastLine < endLine - 1 && (state.eMarks[lastLine] ?? end) < end) lastLine += 1;
  const lineEnd = state.eMarks[lastLine] ?? end;
  if (lineEnd < end || state.src.slice(end, lineEnd).trim() !== '') return false;
  if (silent) return true;
  const { type, meta, info } = readTag(state.src.slice(start, end));
  Object.assign(state.push(type, '', 0), { meta, info, map: [startLine, lastLine + 1] });
  state.line = lastLine + 1;
  return true;
}

function startOf({ bMarks, tShift }: StateBlock, line: number): number {
  return (bMarks[line] ?? 0) + (tShift[line] ?? 0);
}

const { ruler } = new MarkdownIt().block;
ruler.enableOnly('html_block');
const [markdownHtmlBlock] = ruler.getRules('');

/** Those end at an end of their own, not at a blank line; their text is no Markdown. */
const literalHtml = /^<(?:script|pre|style|textarea|[!?])/i;

/** HTML ends at a blank line, and here at a tag too: tags would be text of it, and be shown with what they should hide. */
function htmlBlock(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = startOf(state, startLine);
  if (!markdownHtmlBlock) return false;
  if (silent || literalHtml.test(state.src.slice(start, start + 10)))
    return markdownHtmlBlock(state, startLine, endLine, silent);
  // Its first line alone: looked for anew in each of very many blocks, the next tag would take quadratic time.
  if (!markdownHtmlBlock(state, startLine, startLine + 1, false)) return false;
  let line = startLine + 1;
  while (line < endLine && !endsHtml(state, line, endLine)) line += 1;
  const content = state.getLines(startLine, line, state.blkIndent, true);
  Object.assign(state.tokens.at(-1) ?? {}, { content, map: [startLine, line] });
  state.line = line;
  return true;
}

function endsHtml(state: StateBlock, line: number, endLine: number): boolean {
  const outside = (state.sCount[line] ?? 0) < state.blkIndent;
  return outside || state.isEmpty(line) || blockTag(state, line, endLine, true);
}

function inlineTag(state: StateInline, silent: boolean): boolean {
  const end = tagEnd(state.src, state.pos);
  if (end === undefined) return false;
  if (!silent) {
    const { type, meta, info } = readTag(state.src.slice(state.pos, end));
    Object.assign(state.push(type, '', 0), { meta, info });
  }
  state.pos = end;
  return true;
}

const kinds = new Set(['tag_open', 'tag_close', 'tag', 'annotation']);

/** Whether it is closed, and where, is looked at when the page is whole: tokens of tags do not nest. */
export function readTag(source: string): Token {
  const parsed = markdoc.parseTags(source).find(({ type }) => type !== 'text');
  const known = parsed !== undefined && kinds.has(parsed.type);
  const [, branch] = branches.exec(source) ?? [];
  const token = new MarkdownIt.Token(known ? parsed.type : branch === undefined ? 'tag_unknown' : 'tag_open', '', 0);
  token.meta = known || branch === undefined ? metaOf(parsed?.meta, source) : { tag: branch, condition: null };
  token.info = source;
  return token;
}

/** What is wrong with the condition of an `if` must not show what depends on it: `{% if $a && $b %}`. */
const branches = /^\{%\s*(if|else)(?![\w-])/;

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
export function tagEnd(source: string, start: number): number | undefined {
  if (!source.startsWith('{%', start)) return undefined;
  const tag = /^\{%(?:[^"%]|"(?:[^"\\]|\\[^])*"|%(?!\}))*%\}/.exec(source.slice(start, start + maxTagLength));
  return tag ? start + tag[0].length : undefined;
}
