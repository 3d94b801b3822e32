import { useQueryClient } from '@tanstack/react-query';
import type { Account } from '@reunite/contracts';
import { send } from '../api/client.js';
import { paths } from '../api/paths.js';
import { queries } from '../api/queries.js';
import { useAction } from '../api/use-action.js';
import { FormProblem } from './form-problem.js';

interface ConfirmIdentityProps {
  readonly connectionId: string;
  readonly login: string;
  readonly onConfirmed: (account: Account) => void;
  readonly onRejected: () => void;
}

/** Asks the user to confirm the account that the server returned. It is not used before that. */
export function ConfirmIdentity({ connectionId, login, onConfirmed, onRejected }: ConfirmIdentityProps) {
  const client = useQueryClient();
  const { queryKey } = queries.account(connectionId);
  const confirm = useAction(
    () => send('post', paths.confirmAccount(connectionId), { body: { login } }),
    (account) => {
      client.setQueryData(queryKey, account);
      onConfirmed(account);
    },
  );
  const reject = useAction(
    () => send('delete', paths.endSignIn(connectionId)),
    () => {
      void client.resetQueries({ queryKey });
      onRejected();
    },
  );
  const isPending = confirm.pending || reject.pending;
  return (
    <>
      <p>
        The server signed you in as <strong>{login}</strong>. Confirm only if this is your account. Commits and pull
        requests that you create in Reunite are attributed to it.
      </p>
      <FormProblem error={confirm.error ?? reject.error} violations={[]} />
      <div className="form-actions">
        <button
          type="button"
          className="button button-primary"
          onClick={() => confirm.run(undefined)}
          disabled={isPending}
        >
          I am {login}
        </button>
        <button type="button" className="button" onClick={() => reject.run(undefined)} disabled={isPending}>
          This is not my account
        </button>
      </div>
    </>
  );
}
