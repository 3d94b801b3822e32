import type { Connection, ManifestForm } from '@reunite/contracts';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { ConnectSteps } from '../../components/connect-steps.js';
import { FormProblem } from '../../components/form-problem.js';
import { Notice } from '../../components/notice.js';
import { hostOf } from '../../format/address.js';
import { postManifest } from '../connections/post-form.js';

/** The next step to connect a provider, the error of a broken one, and what needs attention. */
export function NextStep({ connection }: { readonly connection: Connection }) {
  if (connection.status === 'broken') {
    return (
      <Notice tone="bad" title="The server rejects this provider">
        {connection.statusReason ?? 'The server rejected the credentials of the GitHub App.'} Fix the cause, then select
        Refresh.
      </Notice>
    );
  }
  const warning = connection.status === 'connected' ? connection.statusReason : null;
  return (
    <>
      {connection.lastRefresh.error !== null && (
        <Notice tone="warn" title="The last refresh failed">
          {connection.lastRefresh.error}
        </Notice>
      )}
      {warning !== null && (
        <Notice tone="warn" title="The app needs attention">
          {warning}
        </Notice>
      )}
      <ConnectStep connection={connection} />
    </>
  );
}

function ConnectStep({ connection }: { readonly connection: Connection }) {
  if (connection.app === null) return <ConfirmOnServer connection={connection} />;
  if (connection.installations.length === 0) return <ConnectSteps current={3} />;
  return null;
}

function ConfirmOnServer({ connection }: { readonly connection: Connection }) {
  const begin = useAction(
    () => send('post', paths.manifest(connection.id)),
    (form: ManifestForm) => postManifest(form),
  );
  return (
    <>
      <ConnectSteps current={2} />
      <section className="card" aria-label="Create the app on your server">
        <p>
          {hostOf(connection.serverUrl)} has not confirmed the app yet. Continue on the server and create the GitHub App
          there. The server then returns you to this page.
        </p>
        {connection.statusReason !== null && <Notice tone="warn">{connection.statusReason}</Notice>}
        <FormProblem error={begin.error} violations={[]} />
        <button
          type="button"
          className="button button-primary"
          onClick={() => begin.run(undefined)}
          disabled={begin.pending}
        >
          Continue on the server
        </button>
      </section>
    </>
  );
}
