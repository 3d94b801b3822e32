import { useLocation } from 'react-router';
import type { SignInStart } from '@reunite/contracts';
import { send } from '../api/client.js';
import { rememberPage } from '../api/identity-return.js';
import { paths } from '../api/paths.js';
import { useAction } from '../api/use-action.js';
import { webAddress } from '../format/address.js';
import { FormProblem } from './form-problem.js';

interface VerifyIdentityProps {
  readonly connectionId: string;
  readonly again?: boolean;
}

/** A button that leads to the server, where the user authorizes the app, and back to the current page. */
export function VerifyIdentity({ connectionId, again = false }: VerifyIdentityProps) {
  const { pathname, search } = useLocation();
  const begin = useAction(
    () => send('post', paths.signIn(connectionId)),
    ({ authorizeUrl }: SignInStart) => {
      rememberPage(pathname + search);
      window.location.assign(webAddress(authorizeUrl) ?? '/');
    },
  );
  return (
    <>
      <FormProblem error={begin.error} violations={[]} />
      <button
        type="button"
        className={again ? 'button' : 'button button-primary'}
        onClick={() => begin.run(undefined)}
        disabled={begin.pending}
      >
        {again ? 'Verify again' : 'Verify your GitHub identity'}
      </button>
    </>
  );
}
