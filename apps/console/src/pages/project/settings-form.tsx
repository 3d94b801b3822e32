import { useState } from 'react';
import type { Project, UpdateProject } from '@reunite/contracts';
import { send } from '../../api/client.js';
import { faultAt, faultsOf } from '../../api/faults.js';
import { paths } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { useResource } from '../../api/use-resource.js';
import { Field } from '../../components/field.js';
import { FormProblem } from '../../components/form-problem.js';
import { Notice } from '../../components/notice.js';
import { BranchField } from '../projects/branch-field.js';
import { FolderField } from '../projects/folder-field.js';
import { PreviewFields } from '../projects/preview-fields.js';
import { changesOf, draftOf } from './settings-draft.js';

/** Changes a project's settings; only what differs is sent, so that two people do not undo each other's. */
export function SettingsForm({ project }: { readonly project: Project }) {
  const [draft, setDraft] = useState(() => draftOf(project));
  const branches = useResource(paths.repositoryBranches(project.repositoryId), {
    types: ['ref', 'repository'],
    repositoryId: project.repositoryId,
  });
  const save = useAction((change: UpdateProject) => send('PATCH', paths.project(project.id), { body: change }));
  const faults = faultsOf(save.error);
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
      <FormProblem error={save.error} faults={faults} />
      <Field
        label="Project name"
        hint="Commit statuses carry it. Rules on the server that require them must be changed with it."
        fault={faultAt(faults, 'name')}
      >
        {(control) => (
          <input {...control} value={draft.name} onChange={(event) => change({ name: event.target.value })} required />
        )}
      </Field>
      <BranchField
        branches={branches}
        value={draft.branch}
        fault={faultAt(faults, 'productionBranch')}
        onChange={(branch) => change({ branch })}
      />
      <FolderField
        hint="Only this folder of the repository is taken; empty for all of it."
        value={draft.folder}
        fault={faultAt(faults, 'rootFolder')}
        onChange={(folder) => change({ folder })}
      />
      <PreviewFields draft={draft} faults={faults} onChange={change} />
      {save.result && !isChanged && <Notice tone="good">Saved. What it asks for is being deployed.</Notice>}
      <div className="form-actions">
        <button type="submit" className="button button-primary" disabled={save.pending || !isChanged}>
          {save.pending ? 'Saving…' : 'Save'}
        </button>
      </div>
    </form>
  );
}
