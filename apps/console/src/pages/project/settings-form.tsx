import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Project, UpdateProject } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { send } from '../../api/client.js';
import { violationAt, violationsOf } from '../../api/violations.js';
import { paths } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { Field } from '../../components/field.js';
import { FormProblem } from '../../components/form-problem.js';
import { Notice } from '../../components/notice.js';
import { BranchField } from '../projects/branch-field.js';
import { FolderField } from '../projects/folder-field.js';
import { PreviewFields } from '../projects/preview-fields.js';
import { ProductionChecksField } from '../projects/production-checks-field.js';
import { ProductionCommitsField } from '../projects/production-commits-field.js';
import { changesOf, draftOf } from './settings-draft.js';

/** Changes a project's settings. Sends changed settings only, so that concurrent edits do not overwrite each other. */
export function SettingsForm({ project }: { readonly project: Project }) {
  const [draft, setDraft] = useState(() => draftOf(project));
  const branches = useQuery(queries.repositoryBranches(project.repositoryId));
  const save = useAction((change: UpdateProject) => send('patch', paths.project(project.id), { body: change }));
  const violations = violationsOf(save.error);
  const change = (choice: Partial<typeof draft>) => setDraft({ ...draft, ...choice });
  const changes = changesOf(draft, project);
  const isChanged = Object.keys(changes).length > 0;
  return (
    <form
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.run(changes);
      }}
    >
      <FormProblem error={save.error} violations={violations} />
      <Field
        label="Project name"
        hint="Part of the names of commit statuses. Update branch protection rules that require them when you rename the project."
        violation={violationAt(violations, 'name')}
      >
        {(control) => (
          <input {...control} value={draft.name} onChange={(event) => change({ name: event.target.value })} required />
        )}
      </Field>
      <BranchField
        branches={branches}
        value={draft.branch}
        violation={violationAt(violations, 'productionBranch')}
        onChange={(branch) => change({ branch })}
      />
      <FolderField
        hint="Folder of the repository to publish. Leave empty for the whole repository."
        value={draft.folder}
        violation={violationAt(violations, 'rootFolder')}
        onChange={(folder) => change({ folder })}
      />
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
      {save.result && !isChanged && <Notice tone="good">Saved. Affected branches are being deployed.</Notice>}
      <div className="form-actions">
        <button type="submit" className="button button-primary" disabled={save.pending || !isChanged}>
          {save.pending ? 'Saving…' : 'Save'}
        </button>
      </div>
    </form>
  );
}
