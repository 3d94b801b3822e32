import { Suspense } from 'react';
import { CodeEditor } from '../../../components/code/lazy-code.js';
import { inTextarea } from './line-endings.rules.js';

interface FileEditorProps {
  readonly path: string;
  readonly text: string;
  readonly autoFocus: boolean;
  readonly onChange: (text: string) => void;
}

/** The editor of a file's text. */
export function FileEditor({ path, text, autoFocus, onChange }: FileEditorProps) {
  const loading = <p className="pane-note">Loading the editor…</p>;
  return (
    <Suspense fallback={loading}>
      <CodeEditor
        path={path}
        label={`Text of ${path}`}
        value={inTextarea(text)}
        autoFocus={autoFocus}
        onChange={onChange}
      />
    </Suspense>
  );
}
