import { useId } from 'react';
import { inTextarea } from './line-endings.rules.js';

interface FileEditorProps {
  readonly path: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** The text of a file, to be typed in. Tab moves on, as everywhere: who uses a keyboard gets out again. */
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
