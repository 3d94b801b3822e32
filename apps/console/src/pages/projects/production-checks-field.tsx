import type { Project } from '@reunite/contracts';
import { SelectField } from './select-field.js';

type Mode = Project['productionChecks'];

export const productionCheckTexts: Readonly<Record<Mode, string>> = {
  block: 'Keep the current production',
  warn: 'Publish anyway, and fail the commit statuses of the checks',
  ignore: 'Publish anyway, and let the commit statuses succeed',
};
const modes = Object.keys(productionCheckTexts) as Mode[];

interface ProductionChecksFieldProps {
  readonly value: Mode;
  readonly violation: string | undefined;
  readonly onChange: (mode: Mode) => void;
}

/** Selects what failed checks do to a build of the production branch. */
export function ProductionChecksField({ value, violation, onChange }: ProductionChecksFieldProps) {
  return (
    <SelectField
      label="When checks of the production branch fail"
      hint="Checks: links, lint, Markdoc tags, pages that cannot be built. The setting reunite of redocly.yaml exempts checks."
      violation={violation}
      value={value}
      options={modes.map((mode) => ({ value: mode, text: productionCheckTexts[mode] }))}
      onChange={(chosen) => onChange(modes.find((mode) => mode === chosen) ?? value)}
    />
  );
}
