import MarkdownIt, {
  type MarkdownIt as Parser,
  type StateBlock,
  type StateCore,
  type StateInline,
  type Token,
} from 'markdown-it';

/** More than this on a page are no notes; so many are put at its end in no time. */
const maxFootnotes = 1000;
const mark = /^\[\^([^\s\]]{1,100})\]/;
/** In characters: a mark with its brackets and the colon. */
const maxMark = 104;

interface Footnote {
  /** Of its page: files that it includes have footnotes of their own. */
  id: number;
  /** In the order of the marks in the text; 0 before there is one. */
  number: number;
  marks: number;
  readonly tokens: Token[];
}

const footnotesOf = new WeakMap<object, Map<string, Footnote>>();

/**
 * Teaches a parser GitHub's footnotes, `[^1]` and `[^1]: Source.`, which come at the end of the text. Own code: markdown-it's
 * plugin takes quadratic time for pages that want it to, and fixes the ids of the elements.
 *
 * @see https://docs.github.com/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#footnotes
 */
export function footnotes(parser: Parser): void {
  parser.block.ruler.before('reference', 'footnote', definition, { alt: ['paragraph', 'reference'] });
  parser.inline.ruler.after('image', 'footnote_mark', footnoteMark);
  parser.core.ruler.after('inline', 'footnotes', putLast);
  const { rules } = parser.renderer;
  rules['footnotes_open'] = () => '<section class="footnotes">\n<ol>\n';
  rules['footnotes_close'] = () => '</ol>\n</section>\n';
  rules['footnote_item_open'] = (tokens, at) => `<li id="fn:${idOf(tokens[at])}">\n`;
  rules['footnote_item_close'] = () => '</li>\n';
  rules['footnote_back'] = (tokens, at) =>
    ` <a class="footnote-back" href="#fnref:${idOf(tokens[at])}" aria-label="Back to the text">↩</a>`;
  rules['footnote_mark'] = (tokens, at) => {
    const [footnote, count] = [footnoteOf(tokens[at]), Number(tokens[at]?.meta?.['mark'])];
    const id = `${footnote?.id ?? 0}${count > 1 ? `:${count}` : ''}`;
    return `<sup><a href="#fn:${footnote?.id ?? 0}" id="fnref:${id}">${footnote?.number ?? 0}</a></sup>`;
  };
}

/** Numbers the footnotes of a whole page. A colon is in no heading's id: these are none of those, and no variable of a script. */
export function nameFootnotes(tokens: readonly Token[]): void {
  tokens
    .filter(({ type }) => type === 'footnote_item_open')
    .forEach((token, at) => {
      const footnote = footnoteOf(token);
      if (footnote) footnote.id = at + 1;
    });
}

function footnoteOf(token: Token | undefined): Footnote | undefined {
  return token?.meta?.['footnote'] as Footnote | undefined;
}

function idOf(token: Token | undefined): number {
  return footnoteOf(token)?.id ?? 0;
}

/** Its text goes on below, indented by four, like that of a list item. */
function definition(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0);
  const [written = '', label = ''] = mark.exec(state.src.slice(start, start + maxMark)) ?? [];
  const known = footnotesOf.get(state.env) ?? new Map<string, Footnote>();
  if (label === '' || !state.src.startsWith(':', start + written.length) || known.size >= maxFootnotes) return false;
  if (silent) return true;
  const footnote: Footnote = { id: 0, number: 0, marks: 0, tokens: [] };
  // Of two with the same label, the first counts.
  if (!known.has(label)) footnotesOf.set(state.env, known.set(label, footnote));
  state.push('footnote_open', '', 1).meta = { footnote };
  readText(state, startLine, endLine, start + written.length + 1);
  state.push('footnote_close', '', -1);
  return true;
}

function readText(state: StateBlock, startLine: number, endLine: number, start: number): void {
  const { bMarks, tShift, sCount, blkIndent } = state;
  const [before, shift, indent] = [bMarks[startLine] ?? 0, tShift[startLine] ?? 0, sCount[startLine] ?? 0];
  state.blkIndent += 4;
  bMarks[startLine] = start;
  tShift[startLine] = state.skipSpaces(start) - start;
  sCount[startLine] = state.blkIndent;
  state.md.block.tokenize(state, startLine, endLine);
  state.blkIndent = blkIndent;
  bMarks[startLine] = before;
  tShift[startLine] = shift;
  sCount[startLine] = indent;
}

function footnoteMark(state: StateInline, silent: boolean): boolean {
  const known = footnotesOf.get(state.env);
  if (!known || !state.src.startsWith('[^', state.pos)) return false;
  const [written = '', label = ''] = mark.exec(state.src.slice(state.pos, state.pos + maxMark)) ?? [];
  const footnote = known.get(label);
  if (!footnote) return false;
  if (!silent) {
    footnote.number ||= 1 + [...known.values()].filter(({ number }) => number > 0).length;
    footnote.marks += 1;
    state.push('footnote_mark', '', 0).meta = { footnote, mark: footnote.marks };
  }
  state.pos += written.length;
  return true;
}

/** Footnotes that nothing refers to are left out, as on GitHub. */
function putLast(state: StateCore): void {
  const known = footnotesOf.get(state.env);
  if (!known) return;
  const text: Token[] = [];
  const open: Token[][] = [text];
  for (const token of state.tokens) {
    if (token.type === 'footnote_open') open.push(footnoteOf(token)?.tokens ?? []);
    else if (token.type === 'footnote_close') open.pop();
    else open.at(-1)?.push(token);
  }
  const used = [...known.values()].filter(({ number }) => number > 0).sort((a, b) => a.number - b.number);
  state.tokens =
    used.length === 0
      ? text
      : [text, [tokenOf('footnotes_open')], ...used.map(item), [tokenOf('footnotes_close')]].flat();
}

function item(footnote: Footnote): Token[] {
  const { tokens } = footnote;
  const last = tokens.at(-1)?.type === 'paragraph_close' ? tokens.length - 1 : tokens.length;
  const back = tokenOf('footnote_back', { footnote });
  return [
    ...[tokenOf('footnote_item_open', { footnote }), ...tokens.slice(0, last), back, ...tokens.slice(last)],
    tokenOf('footnote_item_close'),
  ];
}

function tokenOf(type: string, meta: Token['meta'] = null): Token {
  const token = new MarkdownIt.Token(type, '', 0);
  token.meta = meta;
  return token;
}
