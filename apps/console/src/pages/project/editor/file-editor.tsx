import { useId } from 'react';

interface FileEditorProps {
  readonly path: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** The text of a file, to be typed in. Tab moves on, as everywhere: who uses a keyboard gets out again. */
export function FileEditor({ path, text, onChange }: FileEditorProps) {
  const id = useId();
  return (
    <div className="editor">
      <label className="visually-hidden" htmlFor={id}>
        Text of {path}
      </label>
      <textarea
        id={id}
        value={text}
        spellCheck
        rows={Math.min(40, Math.max(12, text.split('\n').length + 1))}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
