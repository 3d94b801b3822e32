import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Connection } from '@reunite/contracts';
import type { Violation } from '../../api/violations.js';
import { violationAt, violationsOf } from '../../api/violations.js';
import { paths } from '../../api/paths.js';
import { useCreate } from '../../api/use-action.js';
import { Field } from '../../components/field.js';
import { FormProblem } from '../../components/form-problem.js';
import { FolderField } from './folder-field.js';
import { PreviewFields } from './preview-fields.js';
import { ProductionChecksField } from './production-checks-field.js';
import { ProductionCommitsField } from './production-commits-field.js';
import type { ProjectDraft } from './project-draft.js';
import { choose, emptyDraft, missingIn, suggestedName, toCreateProject } from './project-draft.js';
import { SourceFields, useProjectSource } from './source-fields.js';

interface ProjectFormProps {
  readonly connections: readonly Connection[];
  readonly connectionId: string;
}

/** The form's input, violations and submission. */
function useProjectForm({ connections, connectionId }: ProjectFormProps) {
  const [draft, setDraft] = useState(() => emptyDraft(connectionId));
  const [missing, setMissing] = useState<readonly Violation[]>([]);
  const navigate = useNavigate();
  const { run, pending, error } = useCreate(paths.createProject, (project) => void navigate(`/projects/${project.id}`));
  const source = useProjectSource(connections, draft);
  const change = (choice: Partial<ProjectDraft>) => {
    setDraft(choose(draft, choice));
    setMissing([]);
  };
  const submit = () => {
    const complete: ProjectDraft = { ...draft, branch: source.branch };
    const open = missingIn(complete);
    setMissing(open);
    if (open.length === 0) run(toCreateProject(complete));
  };
  const isIncomplete = missing.length > 0;
  const violations = isIncomplete ? missing : violationsOf(error);
  return { draft, source, change, submit, pending, violations, error: isIncomplete ? undefined : error };
}

export function ProjectForm(props: ProjectFormProps) {
  const { draft, source, change, submit, pending, violations, error } = useProjectForm(props);
  return (
    <form
      className="card form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <FormProblem error={error} violations={violations} />
      <SourceFields
        connections={props.connections}
        source={source}
        repository={draft.repository}
        violations={violations}
        onChange={change}
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
      <ProductionChecksField
        value={draft.productionChecks}
        violation={violationAt(violations, 'productionChecks')}
        onChange={(productionChecks) => change({ productionChecks })}
      />
      <PreviewFields draft={draft} violations={violations} onChange={change} />
      <div className="form-actions">
        <button type="submit" className="button button-primary" disabled={pending}>
          {pending ? 'Connecting…' : 'Connect'}
        </button>
      </div>
    </form>
  );
}
