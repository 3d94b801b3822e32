import { useState } from 'react';
import { Field } from './field.js';

interface TextFilterProps {
  readonly label: string;
  readonly value: string;
  readonly onSettle: (text: string) => void;
}

/** A text filter that applies on Enter or blur, not while typing. */
export function TextFilter({ label, value, onSettle }: TextFilterProps) {
  const [typed, setTyped] = useState(value);
  const settle = () => {
    if (typed.trim() !== value) onSettle(typed.trim());
  };
  return (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          type="search"
          value={typed}
          maxLength={100}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={settle}
          onKeyDown={(event) => {
            if (event.key === 'Enter') settle();
          }}
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
    </Field>
  );
}
