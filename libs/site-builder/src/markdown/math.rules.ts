import { createRequire } from 'node:module';
import type { MarkdownIt as Parser, StateBlock, StateInline, Token } from 'markdown-it';
import type Temml from 'temml';
import { trusted, type Html } from '../page/html.template.js';
import { sanitizer } from './sanitize.rules.js';

const require = createRequire(import.meta.url);

/** Loads the renderer with the first formula: half a megabyte that most sites do not need. */
function renderer(): typeof Temml {
  return require('temml') as typeof Temml;
}

/** In characters. Longer formulas are shown as code. */
const MAX_FORMULA = 4_000;
/** Lines of a block between `$$`. */
const MAX_LINES = 200;
/** In characters, all formulas of a page together. Further ones are shown as code. */
const MAX_PAGE = 100_000;

/**
 * A markdown-it plugin for GitHub's formulas: `$x$`, `` $`x`$ ``, `$$x$$` and blocks between lines of `$$`. Emits
 * `math` tokens; fenced code of the language `math` stays a `fence`.
 *
 * @see
 *   https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions
 */
export function math(parser: Parser): void {
  parser.inline.ruler.before('escape', 'math', inlineMath);
  parser.block.ruler.before('fence', 'math', mathBlock, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
}

const DISPLAY = /^\$\$([^$]+)\$\$/;
const QUOTED = /^\$`([^`]+)`\$(?![\w$])/;
/** No space inside of the dollars, and no letter or digit after them: `$5 and $6` are prices. */
const INLINE = /^\$(?![\s$])((?:[^$\\]|\\[^])*?[^\s\\$]|[^\s\\$])\$(?![\w$])/;

function inlineMath(state: StateInline, silent: boolean): boolean {
  if (!state.src.startsWith('$', state.pos)) return false;
  const before = state.pos === 0 ? ' ' : state.src.charAt(state.pos - 1);
  if (/[\w$\\]/.test(before)) return false;
  const text = state.src.slice(state.pos, state.pos + MAX_FORMULA);
  const display = DISPLAY.exec(text);
  const [written, formula] = display ?? QUOTED.exec(text) ?? INLINE.exec(text) ?? [];
  if (written === undefined || formula === undefined || formula.trim() === '') return false;
  if (!silent) pushMath(state, formula, display !== null);
  state.pos += written.length;
  return true;
}

/** A block from a line that begins with `$$` to the line that ends with `$$`. */
function mathBlock(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const lineAt = (line: number) =>
    state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]).trimEnd();
  const first = lineAt(startLine);
  if (!first.startsWith('$$') || (first.length > 2 && first.endsWith('$$'))) return false;
  const last = Math.min(endLine, startLine + MAX_LINES);
  for (let line = startLine + 1; line < last && (state.sCount[line] ?? 0) >= state.blkIndent; line += 1) {
    if (!lineAt(line).endsWith('$$')) continue;
    if (silent) return true;
    const text = state.getLines(startLine, line + 1, state.blkIndent, false).trim();
    pushMath(state, text.slice(2, -2), true).map = [startLine, line + 1];
    state.line = line + 1;
    return true;
  }
  return false;
}

function pushMath(state: StateInline | StateBlock, formula: string, display: boolean): Token {
  const token = state.push('math', 'math', 0);
  token.content = formula;
  token.meta = { display };
  return token;
}

/** Elements and attributes of MathML Core. No links, actions or foreign content. */
const TAGS = (
  'math mrow mi mo mn ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts ' +
  'mprescripts none mtable mtr mtd mpadded mphantom mstyle menclose merror semantics'
).split(' ');
const ATTRIBUTES = (
  'accent accentunder columnalign columnlines columnspacing columnspan depth dir display displaystyle fence form height ' +
  'largeop linethickness lspace mathcolor mathsize mathvariant maxsize minsize movablelimits notation rowalign rowlines ' +
  'rowspacing rowspan rspace scriptlevel separator stretchy symmetric voffset width class'
).split(' ');

/** Renders the formulas of one page, up to a limit of their size. */
export class Formulas {
  private length = 0;

  /** @returns MathML, or the reason why the formula cannot be rendered */
  render(formula: string, displayMode: boolean): Html | string {
    this.length += formula.length + 100;
    if (this.length > MAX_PAGE) return 'the page has too many formulas';
    try {
      const markup = renderer().renderToString(formula, {
        displayMode,
        throwOnError: true,
        trust: false,
        strict: false,
        maxExpand: 500,
        maxSize: [50, 50],
      });
      return trusted(sanitizeMath(markup));
    } catch (error) {
      const tooDeep = error instanceof Error && error.name === 'RangeError';
      return tooDeep || !(error instanceof Error) ? 'the formula is nested too deeply' : error.message;
    }
  }
}

/**
 * Inline styles, which the content security policy forbids, become attributes if they are colors, and are dropped
 * otherwise.
 */
function sanitizeMath(markup: string): string {
  const colored = markup.replace(/ style="color:(#[0-9a-f]{3,8}|[a-z]{3,20});"/gi, ' mathcolor="$1"');
  return sanitizer()(colored, {
    allowedTags: TAGS,
    allowedAttributes: { '*': ATTRIBUTES },
    allowedClasses: { '*': [/^tml-[\w-]+$/] },
    parser: { lowerCaseAttributeNames: true },
  });
}
