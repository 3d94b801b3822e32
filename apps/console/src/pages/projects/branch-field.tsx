import type { Branch } from '@reunite/contracts';
import type { Resource } from '../../api/use-resource.js';
import { SelectField } from './select-field.js';

interface BranchFieldProps {
  /** null while no repository is chosen. */
  readonly branches: Resource<{ readonly items: readonly Branch[] }> | null;
  readonly value: string;
  readonly fault: string | undefined;
  readonly onChange: (branch: string) => void;
}

function placeholderOf(branches: BranchFieldProps['branches']): string {
  if (branches === null) return 'Choose a repository first';
  if (branches.data) return 'Choose…';
  return branches.error ? 'The branches could not be read' : 'Reading the branches from the server…';
}

/** The branches as the server has them now. */
export function BranchField({ branches, value, fault, onChange }: BranchFieldProps) {
  const items = branches?.data?.items ?? [];
  const isEmpty = branches?.data?.items.length === 0;
  return (
    <>
      <SelectField
        label="Branch"
        hint="A push to it is deployed to production."
        fault={fault ?? (isEmpty ? 'This repository is empty. Push a first commit.' : branches?.error?.message)}
        value={value}
        placeholder={isEmpty ? 'This repository has none' : placeholderOf(branches)}
        options={items.map((branch) => ({ value: branch.name, text: branch.name }))}
        onChange={onChange}
      />
      {branches && (branches.error ?? isEmpty) && (
        <p>
          <button type="button" className="button" onClick={branches.reload}>
            Read again
          </button>
        </p>
      )}
    </>
  );
}
