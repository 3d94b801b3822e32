import { PathDialog } from './path-dialog.js';
import { deleted, marked, renamed, uploaded } from './draft.rules.js';
import type { Changes } from './draft.rules.js';
import { UploadButton } from './upload-button.js';

interface FileActionsProps {
  readonly projectId: string;
  readonly path: string;
  /** The executable bit on the branch and in the draft. */
  readonly executable: { readonly original: boolean; readonly now: boolean };
  /** Returns why a path cannot be used, or null. */
  readonly validate: (path: string) => Promise<string | null>;
  readonly onChange: (next: (changes: Changes) => Changes) => void;
  /** The path to open next, or null to close the pane. */
  readonly onMoved: (path: string | null) => void;
}

/** The actions on a file. */
export function FileActions({ projectId, path, executable, validate, onChange, onMoved }: FileActionsProps) {
  return (
    <div className="form-actions file-actions">
      <UploadButton
        projectId={projectId}
        action="Replace"
        onFiles={([file]) => file && onChange((all) => uploaded(all, path, file.content, true))}
      />
      <PathDialog
        action="Rename"
        title={`Rename ${path}`}
        initial={path}
        validate={validate}
        onChosen={(to) => {
          onChange((all) => renamed(all, path, to));
          onMoved(to);
        }}
      />
      <button
        type="button"
        className="button button-danger"
        onClick={() => {
          onChange((all) => deleted(all, path));
          onMoved(null);
        }}
      >
        Delete
      </button>
      <label className="choice">
        <input
          type="checkbox"
          checked={executable.now}
          onChange={({ target }) => onChange((all) => marked(all, path, target.checked, executable.original))}
        />
        Executable
      </label>
    </div>
  );
}
