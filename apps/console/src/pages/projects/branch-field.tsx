import type { Branch } from '@reunite/contracts';
import type { Resource } from '../../components/loaded.js';
import { SelectField } from './select-field.js';

interface BranchFieldProps {
  /** null while no repository is chosen. */
  readonly branches: Resource<{ readonly items: readonly Branch[] }> | null;
  readonly value: string;
  readonly violation: string | undefined;
  readonly onChange: (branch: string) => void;
}

function placeholderOf(branches: BranchFieldProps['branches']): string {
  if (branches === null) return 'Choose a repository first';
  if (branches.data) return 'Choose…';
  return branches.error ? 'The branches could not be loaded' : 'Loading branches…';
}

/** Selects a branch from those on the server. */
export function BranchField({ branches, value, violation, onChange }: BranchFieldProps) {
  const items = branches?.data?.items ?? [];
  const isEmpty = branches?.data?.items.length === 0;
  return (
    <>
      <SelectField
        label="Branch"
        hint="Pushes to this branch are deployed to production."
        violation={violation ?? (isEmpty ? 'This repository is empty. Push a commit first.' : branches?.error?.message)}
        value={value}
        placeholder={isEmpty ? 'No branches' : placeholderOf(branches)}
        options={items.map((branch) => ({ value: branch.name, text: branch.name }))}
        onChange={onChange}
      />
      {branches && (branches.error ?? isEmpty) && (
        <p>
          <button type="button" className="button" onClick={() => void branches.refetch()}>
            Refresh
          </button>
        </p>
      )}
    </>
  );
}
