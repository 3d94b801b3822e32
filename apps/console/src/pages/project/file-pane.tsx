import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Content, Project } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Commit } from '../../components/commit.js';
import { Loaded } from '../../components/loaded.js';
import { fileSize } from '../../format/text.js';
import { changeAt, changeWord, typed } from './editor/draft.rules.js';
import type { Changes, DraftChange } from './editor/draft.rules.js';
import { FileHistory } from './file-history.js';
import { FileActions } from './editor/file-actions.js';
import { takenPathError } from './editor/taken-path.js';
import { EditedFile, SyncedFile } from './file-view.js';

interface FilePaneProps {
  readonly project: Project;
  readonly branch: string;
  readonly file: string;
  readonly changes: Changes;
  /** Called with the commit of the displayed text when editing starts; null if the file is read-only. */
  readonly onChange: ((next: (changes: Changes) => Changes, read: string | undefined) => void) | null;
  readonly onMoved: (path: string | null) => void;
}

/** One file as text, from the branch or as changed in the draft. */
export function FilePane(props: FilePaneProps) {
  const { project, branch, file, changes } = props;
  const change = changeAt(changes, file);
  const isDeleted = !change && changes.some((one) => one.deleted && one.path === file);
  // The path on the branch; a new file has none.
  const source = change ? change.from : file;
  const content = useQuery(queries.content(project, branch, source));
  return (
    <section className="pane pane-file" aria-label={`File ${file}`}>
      {isDeleted && <p className="pane-note">You deleted this file. Undo the change above to restore it.</p>}
      {source === null && change ? (
        <FileBody {...props} change={change} />
      ) : (
        <Loaded resource={content} what={file}>
          {(synced) => <FileBody {...props} synced={synced} change={change} isDeleted={isDeleted} />}
        </Loaded>
      )}
    </section>
  );
}

interface FileBodyProps extends FilePaneProps {
  readonly synced?: Content;
  readonly change: DraftChange | undefined;
  readonly isDeleted?: boolean;
}

function FileBody({
  project,
  branch,
  file,
  synced,
  change,
  changes,
  isDeleted = false,
  onChange,
  onMoved,
}: FileBodyProps) {
  const [isEditing, setIsEditing] = useState(false);
  const [isHistoryOpen, setIsHistoryOpen] = useState(false);
  const original = synced?.text ?? null;
  const content = change?.content ?? null;
  const text = content === null ? original : content.kind === 'text' ? content.text : null;
  const isFile = synced === undefined || synced.kind === 'file';
  // The commit of the displayed text: another request may return a newer head.
  const edit = (next: (changes: Changes) => Changes) => onChange?.(next, synced?.commit);
  const source = { projectId: project.id, branch, changes };
  const wasExecutable = synced?.executable ?? false;
  const canEdit = onChange !== null && isFile && !isDeleted;
  return (
    <>
      <FileHead file={file} change={change} synced={synced}>
        {canEdit && text !== null && !isEditing && content === null && (
          <button type="button" className="button" onClick={() => setIsEditing(true)}>
            Edit
          </button>
        )}
        {synced && <HistoryButton isOpen={isHistoryOpen} onChange={setIsHistoryOpen} />}
        {canEdit && (
          <FileActions
            projectId={project.id}
            path={file}
            executable={{ original: wasExecutable, now: change?.executable ?? wasExecutable }}
            validate={(path) => takenPathError(project.id, branch, changes, path)}
            onChange={edit}
            onMoved={onMoved}
          />
        )}
      </FileHead>
      {synced && isHistoryOpen && <FileHistory project={project} branch={branch} file={synced.path} />}
      {canEdit && text !== null && (isEditing || content !== null) ? (
        <EditedFile
          {...source}
          path={file}
          text={text}
          autoFocus={isEditing || text === ''}
          onChange={(next) => edit((all) => typed(all, file, next, original))}
        />
      ) : content?.kind === 'bytes' || content?.kind === 'upload' ? (
        <p className="pane-note">{fileSize(content.bytes)} uploaded, not committed yet.</p>
      ) : (
        synced && <SyncedFile {...source} content={synced} />
      )}
    </>
  );
}

interface FileHeadProps {
  readonly file: string;
  readonly change: DraftChange | undefined;
  readonly synced: Content | undefined;
  /** The buttons. */
  readonly children: ReactNode;
}

function FileHead({ file, change, synced, children }: FileHeadProps) {
  return (
    <header className="file-head">
      <h2>{file.split('/').at(-1)}</h2>
      <span className="quiet">
        {change ? `${changeWord(change)} · ` : synced?.bytes !== undefined && `${fileSize(synced.bytes)} · `}
        {synced ? <Commit id={synced.commit} /> : 'not committed yet'}
      </span>
      <div className="file-tools">{children}</div>
    </header>
  );
}

interface HistoryButtonProps {
  readonly isOpen: boolean;
  readonly onChange: (isOpen: boolean) => void;
}

function HistoryButton({ isOpen, onChange }: HistoryButtonProps) {
  return (
    <button type="button" className="button" aria-expanded={isOpen} onClick={() => onChange(!isOpen)}>
      History
    </button>
  );
}
