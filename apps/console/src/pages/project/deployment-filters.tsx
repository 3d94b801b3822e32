import type { Branch } from '@reunite/contracts';
import { Field } from '../../components/field.js';
import { sentence } from '../../format/text.js';
import { deploymentTones } from '../../format/tone.js';

export interface DeploymentFilter {
  readonly environment: string;
  readonly state: string;
  readonly branch: string;
}

interface DeploymentFiltersProps {
  readonly filter: DeploymentFilter;
  readonly branches: readonly Branch[];
  readonly onChange: (change: Partial<DeploymentFilter>) => void;
}

const states = Object.keys(deploymentTones).map((value) => ({ value, text: sentence(value) }));
const environments = ['production', 'preview'].map((value) => ({ value, text: sentence(value) }));

/** The filters of the list, stored in the address. */
export function DeploymentFilters({ filter, branches, onChange }: DeploymentFiltersProps) {
  const names = new Set([...branches.map(({ name }) => name), ...(filter.branch === '' ? [] : [filter.branch])]);
  const choices = [
    { name: 'environment', label: 'Environment', any: 'Any', options: environments },
    { name: 'state', label: 'State', any: 'Any', options: states },
    { name: 'branch', label: 'Branch', any: 'All', options: [...names].map((value) => ({ value, text: value })) },
  ] as const;
  return (
    <search className="toolbar">
      {choices.map(({ name, label, any, options }) => (
        <Field key={name} label={label}>
          {(control) => (
            <select {...control} value={filter[name]} onChange={(event) => onChange({ [name]: event.target.value })}>
              <option value="">{any}</option>
              {options.map(({ value, text }) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </Field>
      ))}
    </search>
  );
}
