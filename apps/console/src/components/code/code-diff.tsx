import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { mountEditor } from './mount-editor.js';

interface CodeDiffProps {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** Deleted words are struck out: the default background is too dark for the colours of the text (WCAG 1.4.3). */
const deletedText = EditorView.theme({
  '.cm-deletedChunk .cm-deletedText': { background: 'none', textDecoration: 'line-through' },
});

/** The changed lines of a text, with the lines around them. */
export function CodeDiff({ path, before, after }: CodeDiffProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return;
    const editor = mountEditor({
      host: host.current,
      path,
      label: `Changes of ${path}`,
      text: after,
      extensions: [
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ tabindex: '0', 'aria-readonly': 'true' }),
        deletedText,
        unifiedMergeView({
          original: before,
          mergeControls: false,
          highlightChanges: true,
          collapseUnchanged: { margin: 3, minSize: 6 },
        }),
      ],
    });
    return () => editor.destroy();
  }, [path, before, after]);
  return <div ref={host} />;
}
