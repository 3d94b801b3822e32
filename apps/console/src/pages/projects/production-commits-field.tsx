import type { Project } from '@reunite/contracts';
import { SelectField } from './select-field.js';

type Mode = Project['productionCommits'];

export const productionCommitTexts: Readonly<Record<Mode, string>> = {
  'pull-request': 'By pull request only',
  maintain: 'Maintainers',
  write: 'Writers',
};
const modes = Object.keys(productionCommitTexts) as Mode[];

interface ProductionCommitsFieldProps {
  readonly value: Mode;
  readonly violation: string | undefined;
  readonly onChange: (mode: Mode) => void;
}

/** Selects the users that may commit to the production branch in the editor. */
export function ProductionCommitsField({ value, violation, onChange }: ProductionCommitsFieldProps) {
  return (
    <SelectField
      label="Who may publish to production from the editor"
      hint="A commit to the production branch is published at once. Pushes to the server are not affected."
      violation={violation}
      value={value}
      options={modes.map((mode) => ({ value: mode, text: productionCommitTexts[mode] }))}
      onChange={(chosen) => onChange(modes.find((mode) => mode === chosen) ?? value)}
    />
  );
}
