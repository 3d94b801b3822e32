import { useState } from 'react';
import type { UpdatePullRequest } from '@reunite/contracts';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { FormProblem } from '../../components/form-problem.js';
import { Notice } from '../../components/notice.js';
import { may, useSession } from '../../shell/session-context.js';
import { EditDialog } from './edit-dialog.js';
import { MergeDialog } from './merge-dialog.js';
import type { OpenPullRequest } from './open-pull-request.js';

/** The actions that the user can run on the pull request. */
export function PullRequestActions({ open }: { readonly open: OpenPullRequest }) {
  const session = useSession();
  const [asked, setAsked] = useState(false);
  const { projectId, detail, reload } = open;
  const { pullRequest: pull, readiness } = detail;
  const path = paths.updatePullRequest(projectId, pull.number);
  const update = useAction((change: UpdatePullRequest) => send('patch', path, { body: change }), reload);
  const bring = useAction(
    () =>
      send('post', paths.updatePullRequestBranch(projectId, pull.number), { body: { headCommit: pull.headCommit } }),
    () => {
      setAsked(true);
      reload();
    },
  );
  if (!may(session, 'write')) return null;
  const isOpen = pull.state === 'open';
  const button = (text: string, change: UpdatePullRequest) => (
    <button type="button" className="button" disabled={update.pending} onClick={() => update.run(change)}>
      {text}
    </button>
  );
  return (
    <div className="actions">
      <div className="form-actions" role="group" aria-label="Pull request actions">
        {isOpen && !pull.draft && may(session, 'maintain') && <MergeDialog open={open} />}
        {isOpen && pull.draft && button('Mark ready for review', { draft: false })}
        {isOpen && readiness.behind && (
          <button type="button" className="button" disabled={bring.pending} onClick={() => bring.run(undefined)}>
            Update branch
          </button>
        )}
        <EditDialog open={open} />
        {isOpen && !pull.draft && button('Convert to draft', { draft: true })}
        {isOpen && button('Close pull request', { state: 'closed' })}
        {pull.state === 'closed' && button('Reopen', { state: 'open' })}
      </div>
      <FormProblem error={update.error ?? bring.error} violations={[]} />
      {asked && readiness.behind && !bring.error && (
        <Notice tone="info">
          The server merges {pull.baseBranch} into the branch. This page updates automatically.
        </Notice>
      )}
    </div>
  );
}
