import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Connection, CreateProject, Project } from '@reunite/contracts';
import type { Violation } from '../../api/violations.js';
import { violationAt, violationsOf } from '../../api/violations.js';
import { paths } from '../../api/paths.js';
import { useCreate } from '../../api/use-action.js';
import { useResource } from '../../api/use-resource.js';
import { Field } from '../../components/field.js';
import { FormProblem } from '../../components/form-problem.js';
import { BranchField } from './branch-field.js';
import { FolderField } from './folder-field.js';
import { PreviewFields } from './preview-fields.js';
import { ProductionCommitsField } from './production-commits-field.js';
import type { ProjectDraft } from './project-draft.js';
import { choose, emptyDraft, missingIn, suggestedName, toCreateProject } from './project-draft.js';
import { RepositoryField } from './repository-field.js';
import { SelectField } from './select-field.js';

interface ProjectFormProps {
  readonly connections: readonly Connection[];
  readonly connectionId: string;
}

/** The only one is chosen already. */
function chosenOrOnly<Item>(items: readonly Item[], isChosen: (item: Item) => boolean): Item | undefined {
  return items.find(isChosen) ?? (items.length === 1 ? items[0] : undefined);
}

export function ProjectForm({ connections, connectionId }: ProjectFormProps) {
  const [draft, setDraft] = useState(() => emptyDraft(connectionId));
  const [missing, setMissing] = useState<readonly Violation[]>([]);
  const navigate = useNavigate();
  const create = useCreate<CreateProject, Project>(
    paths.createProject,
    (project) => void navigate(`/projects/${project.id}`),
  );

  const connection = chosenOrOnly(connections, (one) => one.id === draft.connectionId);
  const owners = (connection?.installations ?? []).filter((one) => !one.suspended).map((one) => one.owner);
  const owner = chosenOrOnly(owners, (one) => one === draft.owner) ?? '';
  const { repository } = draft;
  const branches = useResource(repository && paths.repositoryBranches(repository.id), {
    types: ['ref', 'repository'],
    ...(repository && { repositoryId: repository.id }),
  });
  const names = branches.data?.items.map((one) => one.name) ?? [];
  const preferred = repository && names.includes(repository.defaultBranch) ? repository.defaultBranch : '';
  const complete: ProjectDraft = { ...draft, branch: names.includes(draft.branch) ? draft.branch : preferred };

  const violations = missing.length > 0 ? missing : violationsOf(create.error);
  const change = (choice: Partial<ProjectDraft>) => {
    setDraft(choose(draft, choice));
    setMissing([]);
  };
  const submit = () => {
    const open = missingIn(complete);
    setMissing(open);
    if (open.length === 0) create.run(toCreateProject(complete));
  };

  return (
    <form
      className="card form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <FormProblem error={missing.length > 0 ? undefined : create.error} violations={violations} />
      <SelectField
        label="Provider"
        value={connection?.id ?? ''}
        options={connections.map((one) => ({ value: one.id, text: one.name }))}
        onChange={(id) => change({ connectionId: id })}
      />
      <SelectField
        label="Organization"
        hint={connection && owners.length === 0 ? 'The app is not installed on an organization yet.' : undefined}
        value={owner}
        options={owners.map((one) => ({ value: one, text: one }))}
        onChange={(login) => change({ owner: login })}
      />
      <RepositoryField
        key={`${connection?.id} ${owner}`}
        connectionId={connection?.id ?? ''}
        owner={owner}
        value={repository}
        violation={violationAt(violations, 'repositoryId')}
        onChange={(chosen) => change({ repository: chosen })}
      />
      <BranchField
        branches={repository === null ? null : branches}
        value={complete.branch}
        violation={violationAt(violations, 'productionBranch')}
        onChange={(branch) => change({ branch })}
      />
      <FolderField
        hint="Optional. Folder of the repository to publish, e.g. docs/public."
        value={draft.folder}
        violation={violationAt(violations, 'rootFolder')}
        onChange={(folder) => change({ folder })}
      />
      <Field label="Project name" violation={violationAt(violations, 'name')}>
        {(control) => (
          <input
            {...control}
            value={suggestedName(draft)}
            onChange={(event) => change({ name: event.target.value })}
            required
          />
        )}
      </Field>
      <ProductionCommitsField
        value={draft.productionCommits}
        violation={violationAt(violations, 'productionCommits')}
        onChange={(productionCommits) => change({ productionCommits })}
      />
      <PreviewFields draft={draft} violations={violations} onChange={change} />
      <div className="form-actions">
        <button type="submit" className="button button-primary" disabled={create.pending}>
          {create.pending ? 'Connecting…' : 'Connect'}
        </button>
      </div>
    </form>
  );
}
