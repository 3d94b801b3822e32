import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Content, Project } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { ProblemError } from '../../api/problem.error.js';
import { EmptyState } from '../../components/empty-state.js';
import { Icon } from '../../components/icon.js';
import { Loaded } from '../../components/loaded.js';
import { LongList } from '../../components/long-list.js';
import { crumbsOf } from '../../format/content.js';
import { changedEntries } from './editor/changed-entries.js';
import type { Changes } from './editor/draft.rules.js';

interface FolderPaneProps {
  readonly project: Project;
  readonly branch: string;
  readonly folder: string;
  readonly file: string | null;
  readonly changes: Changes;
  /** True if the branch was just committed to and may not be synced yet. */
  readonly isExpected: boolean;
}

type Entry = NonNullable<Content['entries']>[number];

function addressOf(branch: string, folder: string, file?: string): string {
  const search = new URLSearchParams({ branch, ...(folder !== '' && { folder }), ...(file !== undefined && { file }) });
  return `?${search.toString()}`;
}

/** Number of entries from which only the visible ones have elements. */
const LONG = 200;

export function FolderPane({ project, branch, folder, file, changes, isExpected }: FolderPaneProps) {
  const content = useQuery(queries.content(project, branch, folder));
  const isMissing = content.error instanceof ProblemError && content.error.status === 404;
  if (isMissing && folder === '' && (isExpected || project.sync.state === 'waiting')) {
    return (
      <EmptyState title="Syncing content">
        {project.repository} is being synced. This page updates automatically.
      </EmptyState>
    );
  }
  return (
    <section className="pane" aria-label="Files">
      <Crumbs project={project} branch={branch} folder={folder} />
      <Loaded resource={content} what="the folder">
        {({ entries = [] }) => {
          const listed = changedEntries(entries, folder, changes);
          const line = ({ entry, mark }: (typeof listed)[number]) => (
            <EntryLine entry={entry} mark={mark} branch={branch} folder={folder} isOpen={entry.path === file} />
          );
          if (listed.length === 0) return <p className="pane-note">This folder is empty.</p>;
          if (listed.length > LONG) {
            const open = listed.findIndex(({ entry }) => entry.path === file);
            return (
              <LongList items={listed} keyOf={({ entry }) => entry.path} first={open}>
                {line}
              </LongList>
            );
          }
          return (
            <ul className="entries">
              {listed.map((one) => (
                <li key={one.entry.path}>{line(one)}</li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </section>
  );
}

function Crumbs({ project, branch, folder }: Pick<FolderPaneProps, 'project' | 'branch' | 'folder'>) {
  const crumbs = crumbsOf(folder, project.rootFolder);
  return (
    <nav className="crumbs" aria-label="Folder">
      <Link to={addressOf(branch, '')} aria-current={crumbs.length === 0 ? 'location' : undefined}>
        {project.rootFolder || project.repository}
      </Link>
      {crumbs.map((crumb, index) => (
        <span key={crumb.path}>
          <span aria-hidden="true"> / </span>
          <Link to={addressOf(branch, crumb.path)} aria-current={index === crumbs.length - 1 ? 'location' : undefined}>
            {crumb.name}
          </Link>
        </span>
      ))}
    </nav>
  );
}

interface EntryLineProps {
  readonly entry: Entry;
  readonly mark: string | null;
  readonly branch: string;
  readonly folder: string;
  readonly isOpen: boolean;
}

function EntryLine({ entry, mark, branch, folder, isOpen }: EntryLineProps) {
  switch (entry.kind) {
    case 'folder':
      return (
        <Link className="entry" to={addressOf(branch, entry.path)}>
          <Icon name="folder" /> {entry.name}
        </Link>
      );
    case 'submodule':
      return (
        <span className="entry quiet">
          <Icon name="submodule" /> {entry.name} <span>(another repository)</span>
        </span>
      );
    case 'file':
    case 'symlink':
      return (
        <Link
          className="entry"
          to={addressOf(branch, folder, entry.path)}
          aria-current={isOpen ? 'true' : undefined}
          preventScrollReset
        >
          <Icon name={entry.kind} /> {entry.name}
          {mark !== null && <span className="entry-mark">{mark}</span>}
        </Link>
      );
  }
}
