import { useQuery } from '@tanstack/react-query';
import type { Account } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { ConfirmIdentity } from '../../components/confirm-identity.js';
import { FormProblem } from '../../components/form-problem.js';
import { Loaded } from '../../components/loaded.js';
import { Notice } from '../../components/notice.js';
import { Section } from '../../components/section.js';
import { VerifyIdentity } from '../../components/verify-identity.js';

interface IdentityProps {
  readonly connectionId: string;
}

/** The user's account on the server, the author of their commits and pull requests. */
export function IdentitySection({ connectionId }: IdentityProps) {
  const account = useQuery(queries.account(connectionId));
  return (
    <Section title="Your GitHub identity">
      <Loaded resource={account} what="your identity">
        {(current) => (
          <AccountState account={current} connectionId={connectionId} onChanged={() => void account.refetch()} />
        )}
      </Loaded>
    </Section>
  );
}

interface AccountStateProps extends IdentityProps {
  readonly account: Account;
  readonly onChanged: () => void;
}

function AccountState({ account, connectionId, onChanged }: AccountStateProps) {
  if (account.status === 'signed-out') {
    return (
      <>
        <p>
          Sign in to the server once to create commits and pull requests under your own name. Otherwise the GitHub App
          is their author.
        </p>
        <VerifyIdentity connectionId={connectionId} />
      </>
    );
  }
  if (account.status === 'unconfirmed' && account.login !== null) {
    return (
      <ConfirmIdentity
        connectionId={connectionId}
        login={account.login}
        onConfirmed={onChanged}
        onRejected={onChanged}
      />
    );
  }
  return (
    <>
      {account.status === 'broken' ? (
        <Notice tone="bad" title={`Your sign-in${account.login === null ? '' : ` as ${account.login}`} does not work`}>
          {account.reason ?? 'The server no longer accepts your sign-in. Verify your identity again.'}
        </Notice>
      ) : account.status === 'unconfirmed' ? (
        <p>Your account could not be loaded from the server. Reload the page to try again.</p>
      ) : (
        <p>
          You are <strong>{account.login}</strong> on this server.
        </p>
      )}
      <div className="form-actions">
        {account.status === 'broken' && <VerifyIdentity connectionId={connectionId} again />}
        <SignOut connectionId={connectionId} onDone={onChanged} />
      </div>
    </>
  );
}

function SignOut({ connectionId, onDone }: IdentityProps & { readonly onDone: () => void }) {
  const end = useAction(() => send('delete', paths.endSignIn(connectionId)), onDone);
  return (
    <>
      <FormProblem error={end.error} violations={[]} />
      <button type="button" className="button" onClick={() => end.run(undefined)} disabled={end.pending}>
        Remove my sign-in
      </button>
    </>
  );
}
