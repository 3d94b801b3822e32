import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { searchKeymap } from '@codemirror/search';
import { EditorView, highlightActiveLine, keymap } from '@codemirror/view';
import { useEffect, useEffectEvent, useRef } from 'react';
import { mountEditor } from './mount-editor.js';

interface CodeEditorProps {
  readonly path: string;
  readonly label: string;
  /** The text with `\n` at the end of its lines. */
  readonly value: string;
  readonly autoFocus: boolean;
  readonly onChange: (text: string) => void;
}

/** An editor with line numbers, colours, undo and search (Ctrl+F). Tab moves the focus, so the keyboard can leave it. */
export function CodeEditor({ path, label, value, autoFocus, onChange }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useEffectEvent(onChange);
  const first = useEffectEvent(() => ({ text: value, focus: autoFocus }));

  useEffect(() => {
    if (host.current === null) return;
    const { text, focus } = first();
    const editor = mountEditor({
      host: host.current,
      path,
      label,
      text,
      extensions: [
        history(),
        highlightActiveLine(),
        EditorView.contentAttributes.of({ spellcheck: 'true' }),
        keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.doc.toString());
        }),
      ],
    });
    view.current = editor;
    if (focus) editor.focus();
    return () => editor.destroy();
  }, [path, label]);

  useEffect(() => {
    // The text changed elsewhere, e.g. the change was discarded.
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  return <div ref={host} />;
}
