import { useState } from 'react';
import type { MergePullRequest } from '@reunite/contracts';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { Commit } from '../../components/commit.js';
import { Dialog } from '../../components/dialog.js';
import { DialogActions } from '../../components/dialog-actions.js';
import { FormProblem } from '../../components/form-problem.js';
import type { OpenPullRequest } from './open-pull-request.js';

const METHODS = {
  merge: { title: 'Merge commit', text: 'Adds all commits and a merge commit to the base branch.' },
  squash: { title: 'Squash', text: 'Combines all changes into one commit.' },
  rebase: { title: 'Rebase', text: 'Adds all commits to the base branch without a merge commit.' },
} as const;

/** The merge button and its dialog. The merge fails if the head changed after the dialog was opened. */
export function MergeDialog({ open }: { readonly open: OpenPullRequest }) {
  const { projectId, detail, reload } = open;
  const { pullRequest: pull, readiness } = detail;
  const [isOpen, setIsOpen] = useState(false);
  const [chosen, setChosen] = useState(readiness.methods[0] ?? 'merge');
  const [shownHead, setShownHead] = useState(pull.headCommit);
  const merge = useAction(
    (request: MergePullRequest) => send('post', paths.mergePullRequest(projectId, pull.number), { body: request }),
    () => {
      setIsOpen(false);
      reload();
    },
  );
  return (
    <>
      <button
        type="button"
        className="button button-primary"
        onClick={() => {
          setShownHead(pull.headCommit);
          setIsOpen(true);
        }}
      >
        Merge…
      </button>
      <Dialog
        title={`Merge #${pull.number} into ${pull.baseBranch}?`}
        label={`Merge #${pull.number}`}
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            merge.run({ method: chosen, headCommit: shownHead });
          }}
        >
          <p>
            {readiness.reason} Merges the commit <Commit id={shownHead} />.
          </p>
          <FormProblem error={merge.error} violations={[]} />
          <MethodFields methods={readiness.methods} chosen={chosen} onChange={setChosen} />
          <DialogActions
            onClose={() => setIsOpen(false)}
            action="Merge"
            pendingText="Merging…"
            pending={merge.pending}
          />
        </form>
      </Dialog>
    </>
  );
}

interface MethodFieldsProps {
  readonly methods: readonly MergePullRequest['method'][];
  readonly chosen: MergePullRequest['method'];
  readonly onChange: (method: MergePullRequest['method']) => void;
}

function MethodFields({ methods, chosen, onChange }: MethodFieldsProps) {
  return (
    <fieldset>
      <legend>Method</legend>
      {methods.map((method) => (
        <label className="choice" key={method}>
          <input
            type="radio"
            name="method"
            checked={chosen === method}
            onChange={() => onChange(method)}
            aria-describedby={`method-${method}`}
          />
          {METHODS[method].title}
          <span className="hint" id={`method-${method}`}>
            {METHODS[method].text}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
