import { useState } from 'react';
import { ActionMenu } from '../../../components/action-menu.js';
import { deleted, marked, renamed, uploaded } from './draft.rules.js';
import type { Changes } from './draft.rules.js';
import { PathDialog } from './path-dialog.js';
import { useUpload } from './upload-button.js';

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

/** The menu with the actions on a file. */
export function FileActions({ projectId, path, executable, validate, onChange, onMoved }: FileActionsProps) {
  const [isRenaming, setIsRenaming] = useState(false);
  const { choose, pending, input } = useUpload({
    projectId,
    action: 'Replace',
    onFiles: ([file]) => file && onChange((all) => uploaded(all, path, file.content, true)),
  });
  const remove = () => {
    onChange((all) => deleted(all, path));
    onMoved(null);
  };
  return (
    <>
      <ActionMenu
        label={pending ? 'Uploading…' : 'File actions'}
        isDisabled={pending}
        actions={[
          { text: 'Replace…', run: choose },
          { text: 'Rename…', run: () => setIsRenaming(true) },
          {
            text: executable.now ? 'Make not executable' : 'Make executable',
            run: () => onChange((all) => marked(all, path, !executable.now, executable.original)),
          },
          { text: 'Delete', run: remove, isDanger: true },
        ]}
      />
      {input}
      <PathDialog
        action="Rename"
        title={`Rename ${path}`}
        initial={path}
        isOpen={isRenaming}
        onClose={() => setIsRenaming(false)}
        validate={validate}
        onChosen={(to) => {
          onChange((all) => renamed(all, path, to));
          onMoved(to);
        }}
      />
    </>
  );
}
