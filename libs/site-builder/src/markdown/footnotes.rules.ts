import MarkdownIt, { type MarkdownIt as Parser, type StateBlock, type StateInline, type Token } from 'markdown-it';

/** Definitions beyond this number are treated as text, which bounds the time that a page takes. */
const MAX_FOOTNOTES = 1000;
const MARK = /^\[\^([^\s\]]{1,100})\]/;
/** In characters, with brackets and colon. */
const MAX_MARK = 104;

/* eslint-disable no-restricted-syntax -- tokens refer to their footnote before it has its numbers */
interface Footnote {
  /** Unique on the page. Included files have footnotes of their own. */
  id: number;
  /** By the order of the references in the text; 0 if there is none yet. */
  number: number;
  marks: number;
  readonly tokens: Token[];
}
/* eslint-enable no-restricted-syntax */

/** The labels that a text defines. `[^label]` is a reference only if its label is defined. */
const labelsOf = new WeakMap<object, Set<string>>();

/**
 * A markdown-it plugin for GitHub's footnotes, `[^1]` and `[^1]: Source.` The definitions stay in place until
 * `putFootnotesLast`, when it is known which of them are shown. Not markdown-it-footnote: it takes quadratic time on
 * hostile pages, and its element ids are fixed.
 *
 * @see
 *   https://docs.github.com/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#footnotes
 */
export function footnotes(parser: Parser): void {
  parser.block.ruler.before('reference', 'footnote', definition, { alt: ['paragraph', 'reference'] });
  parser.inline.ruler.after('image', 'footnote_mark', footnoteMark);
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

/**
 * Numbers the footnotes of a page. Their ids contain a colon, which keeps them apart from heading ids and script
 * variables.
 */
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

/** A definition. Its text continues on lines that are indented by four, as in a list item. */
function definition(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0);
  const [written = '', label = ''] = MARK.exec(state.src.slice(start, start + MAX_MARK)) ?? [];
  const labels = labelsOf.get(state.env) ?? new Set<string>();
  if (label === '' || !state.src.startsWith(':', start + written.length) || labels.size >= MAX_FOOTNOTES) return false;
  if (silent) return true;
  labelsOf.set(state.env, labels.add(label));
  state.push('footnote_open', '', 1).meta = { label };
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
  const labels = labelsOf.get(state.env);
  if (!labels || !state.src.startsWith('[^', state.pos)) return false;
  const [written = '', label = ''] = MARK.exec(state.src.slice(state.pos, state.pos + MAX_MARK)) ?? [];
  if (!labels.has(label)) return false;
  if (!silent) state.push('footnote_mark', '', 0).meta = { label };
  state.pos += written.length;
  return true;
}

/** True if the text that was parsed with `env` defines footnotes. */
export function hasFootnotes(env: object): boolean {
  return labelsOf.has(env);
}

/** Separates the text from the definitions of footnotes. */
export function splitFootnotes(tokens: readonly Token[]): { readonly text: Token[]; readonly notes: Token[] } {
  const [text, notes]: [Token[], Token[]] = [[], []];
  let depth = 0;
  for (const token of tokens) {
    if (token.type === 'footnote_open') depth += 1;
    (depth > 0 ? notes : text).push(token);
    if (token.type === 'footnote_close') depth -= 1;
  }
  return { text, notes };
}

/**
 * Moves the footnotes of a file to its end, once it is known which parts are shown. Drops footnotes without a
 * reference, as GitHub does, and references without a footnote.
 */
export function putFootnotesLast(tokens: readonly Token[]): Token[] {
  const { text, footnotes: defined } = collect(tokens);
  const used: Footnote[] = [];
  numberMarks(text, defined, used);
  // `used` grows while it is iterated: footnotes may refer to others.
  for (const footnote of used) numberMarks(footnote.tokens, defined, used);
  if (used.length === 0) return text;
  return [text, [tokenOf('footnotes_open')], ...used.map(item), [tokenOf('footnotes_close')]].flat();
}

/** The first of several footnotes with the same label wins. */
function collect(tokens: readonly Token[]): { text: Token[]; footnotes: ReadonlyMap<string, Footnote> } {
  const text: Token[] = [];
  const footnotes = new Map<string, Footnote>();
  const open: Token[][] = [text];
  for (const token of tokens) {
    if (token.type === 'footnote_open') {
      const footnote: Footnote = { id: 0, number: 0, marks: 0, tokens: [] };
      const label = labelOf(token);
      if (!footnotes.has(label)) footnotes.set(label, footnote);
      open.push(footnote.tokens);
    } else if (token.type === 'footnote_close') open.pop();
    else open.at(-1)?.push(token);
  }
  return { text, footnotes };
}

function numberMarks(tokens: readonly Token[], defined: ReadonlyMap<string, Footnote>, used: Footnote[]): void {
  for (const { children } of tokens) {
    for (const token of children ?? []) {
      // References of an included file are numbered with its own footnotes.
      if (token.type !== 'footnote_mark' || footnoteOf(token)) continue;
      const footnote = defined.get(labelOf(token));
      if (!footnote) Object.assign(token, { type: 'text', content: `[^${labelOf(token)}]` });
      else {
        footnote.number ||= used.push(footnote);
        footnote.marks += 1;
        token.meta = { footnote, mark: footnote.marks };
      }
    }
  }
}

function labelOf({ meta }: Token): string {
  return String(meta?.['label']);
}

function item(footnote: Footnote): Token[] {
  const { tokens } = footnote;
  const last = tokens.at(-1)?.type === 'paragraph_close' ? tokens.length - 1 : tokens.length;
  const back = tokenOf('footnote_back', { footnote });
  return [
    tokenOf('footnote_item_open', { footnote }),
    ...tokens.slice(0, last),
    back,
    ...tokens.slice(last),
    tokenOf('footnote_item_close'),
  ];
}

function tokenOf(type: string, meta: Token['meta'] = null): Token {
  const token = new MarkdownIt.Token(type, '', 0);
  token.meta = meta;
  return token;
}
