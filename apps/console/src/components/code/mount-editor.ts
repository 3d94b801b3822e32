import { markdown } from '@codemirror/lang-markdown';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Colours of the page's design tokens, which keep their contrast in every colour scheme. */
const highlighting = HighlightStyle.define([
  { tag: tags.heading, color: 'var(--accent)', fontWeight: '650' },
  { tag: [tags.strong], fontWeight: '700' },
  { tag: [tags.emphasis], fontStyle: 'italic' },
  { tag: [tags.link, tags.url], color: 'var(--busy)' },
  { tag: [tags.keyword, tags.atom, tags.bool, tags.number], color: 'var(--done)' },
  { tag: [tags.string, tags.monospace], color: 'var(--good)' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--busy)' },
  { tag: [tags.comment, tags.meta, tags.processingInstruction], color: 'var(--text-quiet)' },
]);

const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--surface)', color: 'var(--text)', maxHeight: '70vh' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', fontSize: '0.8125rem', lineHeight: '1.65' },
  '.cm-content': { caretColor: 'var(--text)', minHeight: '12rem' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--text-quiet)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--sunken)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-soft)',
  },
  '.cm-panels, .cm-panels button, .cm-panels input': { backgroundColor: 'var(--sunken)', color: 'var(--text)' },
  '.cm-panels button': { backgroundImage: 'none', border: '1px solid var(--line-strong)' },
  '.cm-panels': { borderColor: 'var(--line)' },
  '.cm-searchMatch': { backgroundColor: 'var(--warn-soft)', outline: '1px solid var(--warn)' },
  '.cm-changedLine, .cm-inlineChangedLine': { backgroundColor: 'var(--good-soft) !important' },
  '.cm-changedText': { background: 'none !important', textDecoration: 'underline' },
  '.cm-deletedChunk': { backgroundColor: 'var(--bad-soft) !important', color: 'var(--text)' },
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '""' },
  '.cm-collapsedLines': { background: 'var(--sunken)', color: 'var(--text-quiet)' },
});

/** The language of a file, from its name. Other files have no colours. */
function languageOf(path: string): Extension {
  if (/\.(?:md|markdown|mdoc)$/i.test(path)) return markdown();
  if (/\.(?:ya?ml|json)$/i.test(path)) return yaml();
  return [];
}

interface EditorOptions {
  readonly host: HTMLElement;
  readonly path: string;
  readonly label: string;
  readonly text: string;
  readonly extensions: readonly Extension[];
}

/**
 * Creates an editor in `host`. It lives in a shadow root, where CodeMirror uses constructed style sheets: in the
 * document it would use a `<style>` element, which the content security policy blocks.
 */
export function mountEditor({ host, path, label, text, extensions }: EditorOptions): EditorView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const state = EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': label }),
      syntaxHighlighting(highlighting),
      languageOf(path),
      theme,
      ...extensions,
    ],
  });
  return new EditorView({ state, root, parent: root });
}
