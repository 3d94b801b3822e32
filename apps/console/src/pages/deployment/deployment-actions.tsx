import { useNavigate } from 'react-router';
import type { Deployment } from '@reunite/contracts';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { useAction, useCreate } from '../../api/use-action.js';
import { Commit } from '../../components/commit.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { may, useSession } from '../../shell/session-context.js';
import { ComparisonSummary } from './comparison.js';

/** The actions that the user can run on a deployment. */
export function DeploymentActions({ deployment }: { readonly deployment: Deployment }) {
  const { id, commit, branch, environment, state, current, pages } = deployment;
  const navigate = useNavigate();
  const toNew = (made: Deployment) => void navigate(`/deployments/${made.id}`);
  const redeploy = useCreate(paths.redeploy(id), toNew);
  const promote = useCreate(paths.promote(id), toNew);
  // Live events report the result.
  const cancel = useAction(() => send('post', paths.cancelDeployment(id)));
  const disabledReason = may(useSession(), 'maintain') ? undefined : 'Requires the role maintain.';
  const isOpen = state === 'queued' || state === 'in_progress';
  const isShown = environment === 'production' && current;
  if (isOpen) {
    return (
      <ConfirmDialog
        {...{ disabledReason, pending: cancel.pending, error: cancel.error }}
        action="Cancel deployment"
        title="Cancel this deployment?"
        onConfirm={() => cancel.run(undefined)}
      >
        <p>The current site stays online. The next push to {branch} is deployed as usual.</p>
      </ConfirmDialog>
    );
  }
  return (
    <>
      {pages !== null && !isShown && (
        <ConfirmDialog
          {...{ disabledReason, pending: promote.pending, error: promote.error }}
          action="Promote to production"
          title="Promote to production?"
          onConfirm={() => promote.run({})}
        >
          <p>
            Production shows <Commit id={commit} /> of {branch} from then on, without being built again where its site
            is still there. What is on its way to production now ends; the next push goes on from there.
          </p>
          <ComparisonSummary deploymentId={id} />
        </ConfirmDialog>
      )}
      <ConfirmDialog
        {...{ disabledReason, pending: redeploy.pending, error: redeploy.error }}
        action="Re-deploy"
        title="Deploy this commit again?"
        onConfirm={() => redeploy.run({})}
      >
        <p>
          <Commit id={commit} /> of {branch} is built again. If the build succeeds, it replaces the site that{' '}
          {environment === 'production' ? 'production' : 'the preview'} shows.
        </p>
      </ConfirmDialog>
    </>
  );
}
