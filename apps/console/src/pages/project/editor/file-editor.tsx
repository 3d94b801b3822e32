import { useId } from 'react';
import { inTextarea } from './line-endings.rules.js';

interface FileEditorProps {
  readonly path: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** The editor of a file's text. Tab moves the focus, so that keyboard users can leave it. */
export function FileEditor({ path, text, onChange }: FileEditorProps) {
  const id = useId();
  const shown = inTextarea(text);
  return (
    <div className="editor">
      <label className="visually-hidden" htmlFor={id}>
        Text of {path}
      </label>
      <textarea
        id={id}
        value={shown}
        spellCheck
        rows={Math.min(40, Math.max(12, shown.split('\n').length + 1))}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
