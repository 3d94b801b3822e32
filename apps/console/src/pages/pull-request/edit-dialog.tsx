import { useState } from 'react';
import type { UpdatePullRequest } from '@reunite/contracts';
import { send } from '../../api/client.js';
import { violationsOf } from '../../api/violations.js';
import { paths } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { Dialog } from '../../components/dialog.js';
import { DialogActions } from '../../components/dialog-actions.js';
import { FormProblem } from '../../components/form-problem.js';
import { editedFields } from './edited-fields.rules.js';
import { PullRequestFields } from './pull-request-fields.js';
import type { OpenPullRequest } from './open-pull-request.js';

/** The edit button and its dialog. Only changed fields are sent. */
export function EditDialog({ open: { projectId, detail, reload } }: { readonly open: OpenPullRequest }) {
  const { pullRequest: pull, body } = detail;
  const [isOpen, setIsOpen] = useState(false);
  // The state when the dialog was opened: the page updates while the user is typing.
  const [began, setBegan] = useState({ title: pull.title, body, baseBranch: pull.baseBranch });
  const [draft, setDraft] = useState(began);
  const update = useAction(
    (change: UpdatePullRequest) => send('patch', paths.updatePullRequest(projectId, pull.number), { body: change }),
    () => {
      setIsOpen(false);
      reload();
    },
  );
  const changes = editedFields(began, draft);
  const begin = () => {
    const now = { title: pull.title, body, baseBranch: pull.baseBranch };
    setBegan(now);
    setDraft(now);
    setIsOpen(true);
  };
  return (
    <>
      <button type="button" className="button" onClick={begin}>
        Edit
      </button>
      <Dialog title={`Edit #${pull.number}`} isOpen={isOpen} onClose={() => setIsOpen(false)}>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            update.run(changes);
          }}
        >
          <FormProblem error={update.error} violations={violationsOf(update.error)} />
          <PullRequestFields
            draft={draft}
            violations={violationsOf(update.error)}
            onChange={(change) => setDraft({ ...draft, ...change })}
          />
          <DialogActions
            onClose={() => setIsOpen(false)}
            action="Save"
            pendingText="Saving…"
            pending={update.pending}
            disabled={Object.keys(changes).length === 0}
          />
        </form>
      </Dialog>
    </>
  );
}
