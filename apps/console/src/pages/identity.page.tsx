import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router';
import { queries } from '../api/queries.js';
import { pageBefore } from '../api/identity-return.js';
import { ConfirmIdentity } from '../components/confirm-identity.js';
import { Loaded } from '../components/loaded.js';
import { Notice } from '../components/notice.js';
import { PageHeader } from '../components/page-header.js';
import { callbackErrorText } from '../format/callback-error.js';

/**
 * The last step of a sign-in on the server: confirms the account or shows the error, then returns to the previous page.
 */
export function IdentityPage() {
  const [search] = useSearchParams();
  const problem = search.get('problem');
  const connectionId = search.get('connection');
  const before = pageBefore(connectionId);
  if (problem === null && connectionId === null) return <Navigate to={before} replace />;
  return (
    <>
      <PageHeader title="Your GitHub identity" />
      {connectionId !== null && problem === null ? (
        <Confirmation connectionId={connectionId} before={before} />
      ) : (
        <Notice
          tone="bad"
          title="Your identity was not verified"
          action={
            <Link className="button" to={before} replace>
              Back
            </Link>
          }
        >
          {callbackErrorText(problem ?? '')}
        </Notice>
      )}
    </>
  );
}

function Confirmation({ connectionId, before }: { readonly connectionId: string; readonly before: string }) {
  const account = useQuery(queries.account(connectionId));
  const navigate = useNavigate();
  const leave = () => void navigate(before, { replace: true });
  return (
    <Loaded resource={account} what="your identity">
      {({ status, login }) =>
        status === 'unconfirmed' && login !== null ? (
          <ConfirmIdentity connectionId={connectionId} login={login} onConfirmed={leave} onRejected={leave} />
        ) : (
          <Navigate to={before} replace />
        )
      }
    </Loaded>
  );
}
