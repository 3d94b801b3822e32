import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Branch, MadeCommit, Project } from '@reunite/contracts';
import { keyOf, paths } from '../../api/paths.js';
import { queries } from '../../api/queries.js';
import { Commit } from '../../components/commit.js';
import { ComboBox } from '../../components/combo-box.js';
import { Loaded } from '../../components/loaded.js';
import { Notice } from '../../components/notice.js';
import { may, useSession } from '../../shell/session-context.js';
import { ChangesSection } from './editor/changes.section.js';
import { typed, uploaded } from './editor/draft.rules.js';
import type { Changes } from './editor/draft.rules.js';
import { useDraftBranches, useEditing, useUnsavedWarning } from './editor/draft-store.js';
import { PathDialog } from './editor/path-dialog.js';
import { isOnBranch, takenPathError } from './editor/taken-path.js';
import { UploadButton } from './editor/upload-button.js';
import { FilePane } from './file-pane.js';
import { FolderPane } from './folder-pane.js';
import { useProject } from './project.page.js';

/** The synced content of a branch: a folder and a file. The URL has all choices. */
export function ContentTab() {
  const project = useProject();
  const branches = useQuery(queries.projectBranches(project));
  return (
    <Loaded resource={branches} what="the branches">
      {({ items }) => <ContentBrowser project={project} branches={items} />}
    </Loaded>
  );
}

interface ContentBrowserProps {
  readonly project: Project;
  readonly branches: readonly Branch[];
}

function ContentBrowser({ project, branches }: ContentBrowserProps) {
  const [made, setMade] = useState<MadeCommit>();
  const session = useSession();
  useUnsavedWarning();
  const address = useAddress(project.productionBranch);
  const { branch, folder, go } = address;
  const editing = useEditing(project.id, branch);
  const { draft } = editing;
  const commit = branches.find((one) => one.name === branch)?.commit;
  const mayEdit = may(session, 'write') && commit !== undefined;
  const changes = draft?.changes ?? [];
  return (
    <>
      <div className="toolbar">
        <BranchSelect
          branches={branches}
          value={branch}
          onChange={(name) => go({ branch: name, folder: '', file: null })}
        />
        {mayEdit && (
          <AddFiles
            projectId={project.id}
            branch={branch}
            folder={folder}
            changes={changes}
            onChange={(next) => editing.change({ branch, commit }, next)}
            onAdded={(path) => go({ file: path })}
          />
        )}
        {commit !== undefined && (
          <a className="button" href={keyOf(paths.archive(project.id, { branch }))} download>
            Download ZIP
          </a>
        )}
      </div>
      <OtherDrafts projectId={project.id} branch={branch} />
      {made && !draft && <Committed project={project} made={made} />}
      {draft && (
        <ChangesSection
          project={project}
          draft={draft}
          editing={editing}
          onCommitted={(done) => {
            setMade(done);
            go({ branch: done.branch });
          }}
        />
      )}
      <Panes
        project={project}
        address={address}
        changes={changes}
        isExpected={made?.branch === branch}
        onChange={mayEdit ? (next, read) => editing.change({ branch, commit: read ?? commit }, next) : null}
      />
    </>
  );
}

interface Place {
  readonly branch: string;
  /** The empty string is the root folder. */
  readonly folder: string;
  readonly file: string | null;
}

interface Address extends Place {
  readonly go: (to: Partial<Place>) => void;
}

/** The open branch, folder and file, from the query of the URL. */
function useAddress(defaultBranch: string): Address {
  const [search, setSearch] = useSearchParams();
  const place: Place = {
    branch: search.get('branch') ?? defaultBranch,
    folder: search.get('folder') ?? '',
    file: search.get('file'),
  };
  const go = (to: Partial<Place>) => {
    const { branch, folder, file } = { ...place, ...to };
    setSearch({ branch, ...(folder !== '' && { folder }), ...(file && { file }) });
  };
  return { ...place, go };
}

interface PanesProps {
  readonly project: Project;
  readonly address: Address;
  readonly changes: Changes;
  /** The branch was just committed to and may not be synced yet. */
  readonly isExpected: boolean;
  readonly onChange: Parameters<typeof FilePane>[0]['onChange'];
}

function Panes({ project, address, changes, isExpected, onChange }: PanesProps) {
  const { branch, folder, file, go } = address;
  return (
    <div className="browser">
      <FolderPane
        project={project}
        branch={branch}
        folder={folder}
        file={file}
        changes={changes}
        isExpected={isExpected}
      />
      {file !== null && (
        <FilePane
          key={`${branch} ${file}`}
          project={project}
          branch={branch}
          file={file}
          changes={changes}
          onChange={onChange}
          onMoved={(path) => go({ file: path })}
        />
      )}
    </div>
  );
}

interface BranchSelectProps {
  readonly branches: readonly Branch[];
  readonly value: string;
  readonly onChange: (name: string) => void;
}

function BranchSelect({ branches, value, onChange }: BranchSelectProps) {
  const names = branches.map(({ name }) => name);
  const shown = names.includes(value) ? names : [value, ...names];
  return (
    <ComboBox
      label="Branch"
      value={value}
      options={shown.map((name) => ({ value: name, text: name }))}
      empty="No branch has this name."
      onChange={onChange}
    />
  );
}

/** Links to the drafts of other branches. */
function OtherDrafts({ projectId, branch }: { readonly projectId: string; readonly branch: string }) {
  const others = useDraftBranches(projectId).filter((name) => name !== branch);
  if (others.length === 0) return null;
  return (
    <p className="quiet">
      You also have uncommitted changes on{' '}
      {others.map((name, index) => (
        <span key={name}>
          {index > 0 && ', '}
          <Link to={`?branch=${encodeURIComponent(name)}`}>{name}</Link>
        </span>
      ))}
      .
    </p>
  );
}

interface AddFilesProps {
  readonly projectId: string;
  readonly branch: string;
  readonly folder: string;
  readonly changes: Changes;
  readonly onChange: (next: (changes: Changes) => Changes) => void;
  /** Called with the path of a new empty file. */
  readonly onAdded: (path: string) => void;
}

/** The buttons that add a new file or upload files to the open folder. */
function AddFiles({ projectId, branch, folder, changes, onChange, onAdded }: AddFilesProps) {
  const [isNaming, setIsNaming] = useState(false);
  const below = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  return (
    <div className="form-actions">
      <button type="button" className="button" onClick={() => setIsNaming(true)}>
        New file…
      </button>
      <PathDialog
        action="New file"
        title="New file"
        initial={folder === '' ? '' : `${folder}/`}
        isOpen={isNaming}
        onClose={() => setIsNaming(false)}
        validate={(path) => takenPathError(projectId, branch, changes, path)}
        onChosen={(path) => {
          onChange((all) => typed(all, path, '', null));
          onAdded(path);
        }}
      />
      <UploadButton
        projectId={projectId}
        action="Upload files"
        multiple
        onFiles={async (files) => {
          const exist = await Promise.all(files.map(({ name }) => isOnBranch(projectId, branch, below(name))));
          onChange((all) =>
            files.reduce((next, { name, content }, i) => uploaded(next, below(name), content, exist[i] === true), all),
          );
        }}
      />
    </div>
  );
}

function Committed({ project, made }: { readonly project: Project; readonly made: MadeCommit }) {
  const opening = `/projects/${project.id}/pull-requests/new?branch=${encodeURIComponent(made.branch)}`;
  return (
    <Notice
      tone="good"
      title="Committed"
      action={
        made.branch === project.productionBranch ? undefined : (
          <Link className="button" to={opening}>
            Open a pull request
          </Link>
        )
      }
    >
      <Commit id={made.commit} /> is on <span className="branch">{made.branch}</span>
      {made.author === null ? ', by the app with you as co-author.' : `, by ${made.author}.`}
    </Notice>
  );
}
