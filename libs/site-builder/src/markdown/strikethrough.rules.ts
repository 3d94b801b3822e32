import type { MarkdownIt as Parser, StateInline } from 'markdown-it';

/** Code of `~`. A pair of two is a marker of its own, so that only runs of the same length match. */
const TILDE = 0x7e;
const MARKERS: ReadonlySet<number> = new Set([TILDE, TILDE * 2]);

/**
 * A markdown-it plugin for GitHub's strikethrough: one or two tildes. Three or more are text; markdown-it's own rule
 * ignores single ones and splits longer runs.
 *
 * @see https://github.github.com/gfm/#strikethrough-extension-
 */
export function strikethrough(parser: Parser): void {
  parser.inline.ruler.at('strikethrough', tokenize);
  parser.inline.ruler2.at('strikethrough', (state) => {
    pair(state, state.delimiters);
    for (const meta of state.tokens_meta) if (meta?.delimiters) pair(state, meta.delimiters);
    return true;
  });
}

function tokenize(state: StateInline, silent: boolean): boolean {
  if (silent || state.src.charCodeAt(state.pos) !== TILDE) return false;
  const { length, can_open: open, can_close: close } = state.scanDelims(state.pos, true);
  state.push('text', '', 0).content = '~'.repeat(length);
  if (length < 3) {
    const token = state.tokens.length - 1;
    state.delimiters.push({ marker: TILDE * length, length: 0, token, end: -1, open, close });
  }
  state.pos += length;
  return true;
}

function pair({ tokens }: StateInline, delimiters: StateInline['delimiters']): void {
  for (const { marker, token, end } of delimiters) {
    const closing = delimiters[end];
    if (!MARKERS.has(marker) || !closing) continue;
    const markup = tokens[token]?.content ?? '';
    Object.assign(tokens[token] ?? {}, { type: 's_open', tag: 'del', nesting: 1, markup, content: '' });
    Object.assign(tokens[closing.token] ?? {}, { type: 's_close', tag: 'del', nesting: -1, markup, content: '' });
  }
}
