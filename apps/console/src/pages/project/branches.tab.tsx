import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { queries } from '../../api/queries.js';
import { Badge } from '../../components/badge.js';
import { Commit } from '../../components/commit.js';
import { Loaded } from '../../components/loaded.js';
import { Cell, Table } from '../../components/table.js';
import { may, useSession } from '../../shell/session-context.js';
import { DeleteBranch, SyncBranch } from './branch-actions.js';
import { NewBranch } from './new-branch.js';
import { useProject } from './project.page.js';

/** The repository's branches on the server, and whether they are synced. */
export function BranchesTab() {
  const project = useProject();
  const mayWrite = may(useSession(), 'write');
  const onServer = useQuery(queries.repositoryBranches(project.repositoryId));
  const synced = useQuery(queries.projectBranches(project));
  const reload = () => void onServer.refetch();
  const here = new Map(synced.data?.items.map(({ name, commit }) => [name, commit]));
  return (
    <>
      {mayWrite && <NewBranch project={project} onMade={reload} />}
      <Loaded resource={onServer} what="the branches">
        {({ items }) => (
          <Table caption="Branches" columns={['Branch', 'Head', 'Content', 'Actions']}>
            {items.map(({ name, commit }) => (
              <tr key={name}>
                <Cell label="Branch">
                  <Link className="row-link" to={`/projects/${project.id}/content?branch=${encodeURIComponent(name)}`}>
                    {name}
                  </Link>{' '}
                  {name === project.productionBranch && <Badge tone="good">Production</Badge>}
                </Cell>
                <Cell label="Head">
                  <Commit id={commit} />
                </Cell>
                <Cell label="Content">{syncText(here.get(name), commit)}</Cell>
                <Cell label="Actions">
                  {mayWrite && name !== project.productionBranch && (
                    <div className="form-actions">
                      <SyncBranch project={project} name={name} onDone={reload} />
                      <DeleteBranch project={project} name={name} onDone={reload} />
                    </div>
                  )}
                </Cell>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
    </>
  );
}

function syncText(synced: string | undefined, head: string): string {
  if (synced === undefined) return 'Not synced';
  return synced === head ? 'Synced' : 'Behind the server';
}
