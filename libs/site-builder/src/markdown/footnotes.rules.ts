import MarkdownIt, { type MarkdownIt as Parser, type StateBlock, type StateInline, type Token } from 'markdown-it';

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

/** The labels that a text defines; what is in square brackets is a mark only of those. */
const labelsOf = new WeakMap<object, Set<string>>();

/**
 * Teaches a parser GitHub's footnotes, `[^1]` and `[^1]: Source.` They stay where they are written until `putFootnotesLast`:
 * before, it is not known which of them are shown. Own code: markdown-it's plugin takes quadratic time for pages that want
 * it to, and fixes the ids of the elements.
 *
 * @see https://docs.github.com/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#footnotes
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
  const known = labelsOf.get(state.env) ?? new Set<string>();
  if (label === '' || !state.src.startsWith(':', start + written.length) || known.size >= maxFootnotes) return false;
  if (silent) return true;
  labelsOf.set(state.env, known.add(label));
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
  const known = labelsOf.get(state.env);
  if (!known || !state.src.startsWith('[^', state.pos)) return false;
  const [written = '', label = ''] = mark.exec(state.src.slice(state.pos, state.pos + maxMark)) ?? [];
  if (!known.has(label)) return false;
  if (!silent) state.push('footnote_mark', '', 0).meta = { label };
  state.pos += written.length;
  return true;
}

/** Whether there are any in the text that was parsed with `env`. */
export function hasFootnotes(env: object): boolean {
  return labelsOf.has(env);
}

/** The text without its footnotes, and those. */
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
 * Puts the footnotes of a file at its end, when it is known what of it is shown. Those that nothing refers to are left out,
 * as on GitHub; so is what refers to none that is shown.
 */
export function putFootnotesLast(tokens: readonly Token[]): Token[] {
  const { text, footnotes: known } = collect(tokens);
  const used: Footnote[] = [];
  numberMarks(text, known, used);
  // It grows: footnotes may refer to others.
  for (const footnote of used) numberMarks(footnote.tokens, known, used);
  if (used.length === 0) return text;
  return [text, [tokenOf('footnotes_open')], ...used.map(item), [tokenOf('footnotes_close')]].flat();
}

/** Of two with the same label, the first counts. */
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

function numberMarks(tokens: readonly Token[], known: ReadonlyMap<string, Footnote>, used: Footnote[]): void {
  for (const { children } of tokens) {
    for (const token of children ?? []) {
      // Those of a file that is included have been numbered with its own.
      if (token.type !== 'footnote_mark' || footnoteOf(token)) continue;
      const footnote = known.get(labelOf(token));
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
    ...[tokenOf('footnote_item_open', { footnote }), ...tokens.slice(0, last), back, ...tokens.slice(last)],
    tokenOf('footnote_item_close'),
  ];
}

function tokenOf(type: string, meta: Token['meta'] = null): Token {
  const token = new MarkdownIt.Token(type, '', 0);
  token.meta = meta;
  return token;
}
