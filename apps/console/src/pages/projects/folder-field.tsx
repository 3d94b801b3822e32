import { Field } from '../../components/field.js';

interface FolderFieldProps {
  readonly hint: string;
  readonly value: string;
  readonly violation: string | undefined;
  readonly onChange: (folder: string) => void;
}

/** The folder of the repository to publish; empty for the whole repository. */
export function FolderField({ hint, value, violation, onChange }: FolderFieldProps) {
  return (
    <Field label="Folder" hint={hint} violation={violation}>
      {(control) => (
        <input
          {...control}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          placeholder="The whole repository"
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
    </Field>
  );
}
