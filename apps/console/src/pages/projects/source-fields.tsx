import { useQuery } from '@tanstack/react-query';
import type { Branch, Connection } from '@reunite/contracts';
import type { Resource } from '../../components/loaded.js';
import { queries } from '../../api/queries.js';
import type { Violation } from '../../api/violations.js';
import { violationAt } from '../../api/violations.js';
import { BranchField } from './branch-field.js';
import type { ProjectDraft } from './project-draft.js';
import { RepositoryField } from './repository-field.js';
import { SelectField } from './select-field.js';

/** The chosen source of a project, with defaults where there is one choice only. */
export interface ProjectSource {
  readonly connection: Connection | undefined;
  /** Organizations of the connection. */
  readonly owners: readonly string[];
  /** The empty string if none is chosen. */
  readonly owner: string;
  readonly branches: Resource<{ readonly items: readonly Branch[] }>;
  /** The chosen or the default branch; the empty string if neither exists. */
  readonly branch: string;
}

export function useProjectSource(connections: readonly Connection[], draft: ProjectDraft): ProjectSource {
  const connection = chosenOrOnly(connections, (one) => one.id === draft.connectionId);
  const owners = (connection?.installations ?? []).filter((one) => !one.suspended).map((one) => one.owner);
  const owner = chosenOrOnly(owners, (one) => one === draft.owner) ?? '';
  const { repository } = draft;
  const branches = useQuery(queries.repositoryBranches(repository?.id));
  const names = branches.data?.items.map((one) => one.name) ?? [];
  const preferred = repository && names.includes(repository.defaultBranch) ? repository.defaultBranch : '';
  return { connection, owners, owner, branches, branch: names.includes(draft.branch) ? draft.branch : preferred };
}

interface SourceFieldsProps {
  readonly connections: readonly Connection[];
  readonly source: ProjectSource;
  readonly repository: ProjectDraft['repository'];
  readonly violations: readonly Violation[];
  readonly onChange: (choice: Partial<ProjectDraft>) => void;
}

/** Chooses provider, organization, repository and branch, each from the choices that the one before leaves. */
export function SourceFields({ connections, source, repository, violations, onChange }: SourceFieldsProps) {
  const { connection, owners, owner, branches, branch } = source;
  return (
    <>
      <SelectField
        label="Provider"
        value={connection?.id ?? ''}
        options={connections.map((one) => ({ value: one.id, text: one.name }))}
        onChange={(id) => onChange({ connectionId: id })}
      />
      <SelectField
        label="Organization"
        hint={connection && owners.length === 0 ? 'The app is not installed on an organization yet.' : undefined}
        value={owner}
        options={owners.map((one) => ({ value: one, text: one }))}
        onChange={(login) => onChange({ owner: login })}
      />
      <RepositoryField
        key={`${connection?.id} ${owner}`}
        connectionId={connection?.id ?? ''}
        owner={owner}
        value={repository}
        violation={violationAt(violations, 'repositoryId')}
        onChange={(chosen) => onChange({ repository: chosen })}
      />
      <BranchField
        branches={repository === null ? null : branches}
        value={branch}
        violation={violationAt(violations, 'productionBranch')}
        onChange={(name) => onChange({ branch: name })}
      />
    </>
  );
}

/** The chosen item, or the only one. */
function chosenOrOnly<Item>(items: readonly Item[], isChosen: (item: Item) => boolean): Item | undefined {
  return items.find(isChosen) ?? (items.length === 1 ? items[0] : undefined);
}
