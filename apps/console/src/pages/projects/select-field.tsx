import { Field } from '../../components/field.js';

interface SelectFieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly violation?: string | undefined;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string; readonly disabled?: boolean }[];
  /** Shown while nothing is chosen. */
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}

/** A labelled select, disabled without options. */
export function SelectField({ label, hint, violation, value, options, placeholder, onChange }: SelectFieldProps) {
  return (
    <Field label={label} hint={hint} violation={violation}>
      {(control) => (
        <select
          {...control}
          value={value}
          disabled={options.length === 0}
          onChange={(event) => onChange(event.target.value)}
        >
          <option value="" disabled>
            {placeholder ?? 'Choose…'}
          </option>
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
