import { useSearchParams } from 'react-router';
import { paths } from '../../api/paths.js';
import { useResource } from '../../api/use-resource.js';
import { Field } from '../../components/field.js';
import { Loaded } from '../../components/loaded.js';
import { FilePane } from './file-pane.js';
import { FolderPane } from './folder-pane.js';
import { useProject } from './project.page.js';

/** The synced content of a branch: its folders on one side, a file on the other. All choices are in the address. */
export function ContentTab() {
  const project = useProject();
  const [search, setSearch] = useSearchParams();
  const branches = useResource(paths.projectBranches(project.id), {
    types: ['ref', 'project'],
    projectId: project.id,
    repositoryId: project.repositoryId,
  });
  const branch = search.get('branch') ?? project.productionBranch;
  const folder = search.get('folder') ?? '';
  const file = search.get('file');
  return (
    <Loaded resource={branches} what="the branches">
      {({ items }) => {
        const names = items.map((one) => one.name);
        const shown = names.includes(branch) ? names : [branch, ...names];
        return (
          <>
            <div className="toolbar">
              <Field label="Branch">
                {(control) => (
                  <select {...control} value={branch} onChange={(event) => setSearch({ branch: event.target.value })}>
                    {shown.map((name) => (
                      <option key={name} value={name}>
                        {name}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            </div>
            <div className="browser">
              <FolderPane project={project} branch={branch} folder={folder} file={file} />
              {file !== null && <FilePane project={project} branch={branch} file={file} />}
            </div>
          </>
        );
      }}
    </Loaded>
  );
}
