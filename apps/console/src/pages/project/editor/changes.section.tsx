import { Link } from 'react-router';
import type { MadeCommit, Project } from '@reunite/contracts';
import { ConfirmDialog } from '../../../components/confirm-dialog.js';
import { Section } from '../../../components/section.js';
import { counted } from '../../../format/text.js';
import { CaseClashes } from './case-clashes.js';
import { CommitDialog } from './commit-dialog.js';
import { changeWord } from './draft.rules.js';
import type { Draft, DraftChange } from './draft.rules.js';
import type { Editing } from './draft-store.js';

interface ChangesSectionProps {
  readonly project: Project;
  readonly draft: Draft;
  readonly editing: Editing;
  readonly onCommitted: (made: MadeCommit) => void;
}

/** The changes that are not committed yet. */
export function ChangesSection({ project, draft, editing, onCommitted }: ChangesSectionProps) {
  const { branch, expectedHead, changes } = draft;
  const undo = (change: DraftChange) =>
    editing.change({ branch, commit: expectedHead }, (all) => all.filter((one) => one !== change));
  const files = new Set(changes.map(({ path }) => path));
  return (
    <Section
      title="Your changes"
      actions={
        <div className="form-actions">
          <CommitDialog project={project} draft={draft} editing={editing} onCommitted={onCommitted} />
          <ConfirmDialog
            action="Discard all"
            title="Discard all changes?"
            danger
            pending={false}
            error={undefined}
            onConfirm={editing.discard}
          >
            <p>
              {counted(files.size, 'file')} on <span className="branch">{branch}</span> go back to the last commit. This
              cannot be undone.
            </p>
          </ConfirmDialog>
        </div>
      }
    >
      <p className="quiet" role="status">
        {counted(files.size, 'file')} on <span className="branch">{branch}</span>, not committed yet.
      </p>
      <CaseClashes projectId={project.id} draft={draft} />
      <ul className="changes">
        {changes.map((change) => (
          <li key={`${change.path} ${String(change.deleted)}`}>
            <Link to={`?${new URLSearchParams({ branch, file: change.path }).toString()}`}>{change.path}</Link>
            <span className="quiet">{changeWord(change)}</span>
            <button type="button" className="button button-quiet" onClick={() => undo(change)}>
              Undo<span className="visually-hidden"> the change of {change.path}</span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
