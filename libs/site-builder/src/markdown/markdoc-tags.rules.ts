import { createRequire } from 'node:module';
import type Markdoc from '@markdoc/markdoc';
import MarkdownIt, { type MarkdownIt as Parser, type StateBlock, type StateInline, type Token } from 'markdown-it';

const require = createRequire(import.meta.url);

/** Loads the parser of tags with the first tag. */
function markdoc(): typeof Markdoc {
  return require('@markdoc/markdoc') as typeof Markdoc;
}

/** In characters, from `{%` to `%}`. Without a limit, searching for missing ends would take quadratic time. */
const MAX_TAG_LENGTH = 2000;

/**
 * A markdown-it plugin for Markdoc's tags. Disables indented code and underlined headings, as Markdoc does. Emits the
 * tokens `tag_open`, `tag_close`, `tag`, `annotation`, and `tag_unknown` for anything else between `{%` and `%}`.
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

/** HTML blocks with an end of their own instead of a blank line. Their content is not Markdown. */
const LITERAL_HTML = /^<(?:script|pre|style|textarea|[!?])/i;

/**
 * Ends an HTML block at a blank line or at a tag. Otherwise the tag would be part of the HTML, and not hide anything.
 */
function htmlBlock(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = startOf(state, startLine);
  if (!markdownHtmlBlock) return false;
  if (silent || LITERAL_HTML.test(state.src.slice(start, start + 10)))
    return markdownHtmlBlock(state, startLine, endLine, silent);
  // Parses one line at a time: searching the next tag from every block would take quadratic time.
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

const KINDS = new Set(['tag_open', 'tag_close', 'tag', 'annotation']);

/** Tag tokens do not nest: `resolveTags` matches opening and closing tags of the whole page. */
export function readTag(source: string): Token {
  const parsed = markdoc()
    .parseTags(source)
    .find(({ type }) => type !== 'text');
  const isTag = parsed !== undefined && KINDS.has(parsed.type);
  const [, branch] = BRANCHES.exec(source) ?? [];
  const token = new MarkdownIt.Token(isTag ? parsed.type : branch === undefined ? 'tag_unknown' : 'tag_open', '', 0);
  token.meta = isTag || branch === undefined ? metaOf(parsed?.meta, source) : { tag: branch, condition: null };
  token.info = source;
  return token;
}

/**
 * An `if` with a condition that Markdoc cannot parse, e.g. `{% if $a && $b %}`, is still an `if`: it hides its content.
 */
const BRANCHES = /^\{%\s*(if|else)(?![\w-])/;

/**
 * Returns the name of a tag, its attributes with literal values, and the condition of an `if` or `else`: true, false,
 * or null if it is not literal.
 */
function metaOf(meta: unknown, source: string): Record<string, unknown> {
  const { tag, attributes } = (meta ?? {}) as { tag?: string; attributes?: { name: string; value: unknown }[] | null };
  const texts = (attributes ?? []).flatMap(({ name, value }): [string, string][] =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
  );
  const primary = (attributes ?? []).find(({ name }) => name === 'primary');
  const condition = IS_FALSE.test(source) ? false : primary && (typeof primary.value === 'object' ? null : true);
  return {
    ...(tag !== undefined && { tag }),
    attributes: new Map(texts),
    ...(tag === 'partial' && { variables: variablesIn(attributes ?? []) }),
    ...(condition !== undefined && { condition }),
  };
}

/** The texts and numbers in `variables={ name: "value" }` of a partial. */
function variablesIn(attributes: readonly { name: string; value: unknown }[]): ReadonlyMap<string, string> {
  const { value } = attributes.find(({ name }) => name === 'variables') ?? {};
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return new Map(
    entries.flatMap(([name, text]): [string, string][] =>
      typeof text === 'string' || typeof text === 'number' ? [[name, String(text)]] : [],
    ),
  );
}

/** All other literals are true. Markdoc's parser omits these two. */
const IS_FALSE = /^\{%\s*(?:if|else)\s+(?:false|null)\s*\/?%\}$/;

/**
 * The position after the tag that begins at `start`. Quoted text may contain `%}`. Linear: the alternatives are
 * disjoint.
 */
export function tagEnd(source: string, start: number): number | undefined {
  if (!source.startsWith('{%', start)) return undefined;
  const tag = /^\{%(?:[^"%]|"(?:[^"\\]|\\[^])*"|%(?!\}))*%\}/.exec(source.slice(start, start + MAX_TAG_LENGTH));
  return tag ? start + tag[0].length : undefined;
}
