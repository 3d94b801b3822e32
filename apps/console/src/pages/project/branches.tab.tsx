import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Project, ServerBranch } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Badge } from '../../components/badge.js';
import { Commit } from '../../components/commit.js';
import { Loaded } from '../../components/loaded.js';
import { ShowMore } from '../../components/show-more.js';
import { Cell, Table } from '../../components/table.js';
import { TextFilter } from '../../components/text-filter.js';
import { may, useSession } from '../../shell/session-context.js';
import { DeleteBranch, SyncBranch } from './branch-actions.js';
import { NewBranch } from './new-branch.js';
import { useProject } from './project.page.js';

/** The branches on the server: whether they are synced, and their distance from the production branch. */
export function BranchesTab() {
  const project = useProject();
  const mayWrite = may(useSession(), 'write');
  const [search, setSearch] = useState('');
  const branches = useInfiniteQuery(queries.serverBranches(project, search));
  const reload = () => void branches.refetch();
  return (
    <>
      <search className="toolbar">
        <TextFilter label="Search branches" value={search} onSettle={setSearch} />
      </search>
      <Loaded resource={branches} what="the branches">
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{search === '' ? 'The repository has no branches.' : 'No branch matches.'}</p>
          ) : (
            <BranchTable project={project} branches={items} onChanged={mayWrite ? reload : null} />
          )
        }
      </Loaded>
      <ShowMore list={branches} />
      {mayWrite && <NewBranch project={project} onMade={reload} />}
    </>
  );
}

interface BranchTableProps {
  readonly project: Project;
  readonly branches: readonly ServerBranch[];
  /** Null if the user may not change branches. */
  readonly onChanged: (() => void) | null;
}

function BranchTable({ project, branches, onChanged }: BranchTableProps) {
  const { id, productionBranch } = project;
  return (
    <Table caption="Branches" columns={['Branch', 'Head', `Compared with ${productionBranch}`, 'Content', 'Actions']}>
      {branches.map((branch) => (
        <tr key={branch.name}>
          <Cell label="Branch">
            <Link className="row-link" to={`/projects/${id}/content?branch=${encodeURIComponent(branch.name)}`}>
              {branch.name}
            </Link>{' '}
            {branch.name === productionBranch && <Badge tone="good">Production</Badge>}
          </Cell>
          <Cell label="Head">
            <Commit id={branch.commit} />
          </Cell>
          <Cell label={`Compared with ${productionBranch}`}>{distanceText(branch)}</Cell>
          <Cell label="Content">{syncText(branch)}</Cell>
          <Cell label="Actions">
            {onChanged && branch.name !== productionBranch && (
              <div className="form-actions">
                <SyncBranch project={project} name={branch.name} onDone={onChanged} />
                <DeleteBranch project={project} name={branch.name} onDone={onChanged} />
              </div>
            )}
          </Cell>
        </tr>
      ))}
    </Table>
  );
}

function distanceText({ ahead, behind }: ServerBranch): string {
  if (ahead === null || behind === null) return '–';
  return ahead === 0 && behind === 0 ? 'Identical' : `${ahead} ahead, ${behind} behind`;
}

function syncText({ syncedCommit, commit }: ServerBranch): string {
  if (syncedCommit === null) return 'Not synced';
  return syncedCommit === commit ? 'Synced' : 'Behind the server';
}
