import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { queries } from '../api/queries.js';
import { signInLocally } from '../api/local-sign-in.js';
import type { LocalUser } from '../api/local-sign-in.js';
import { ProblemError } from '../api/problem.error.js';
import { useAction } from '../api/use-action.js';
import { FormProblem } from '../components/form-problem.js';
import { Loaded } from '../components/loaded.js';
import { Notice } from '../components/notice.js';
import { useTitle } from '../components/use-title.js';
import { pageAfterSignIn, webAddress } from '../format/address.js';

/** The sign-in page of the local stack. In production, users sign in to Reunite. */
export function SignInPage() {
  useTitle('Sign in');
  const users = useQuery(queries.localUsers());
  const isOff = users.error instanceof ProblemError && users.error.status === 404;
  return (
    <main className="sign-in">
      <img src="/favicon.svg" alt="" width="48" height="48" />
      <h1>Sign in to Reunite</h1>
      {isOff ? (
        <Elsewhere />
      ) : (
        <>
          <p className="sign-in-lead">This is a local stack. Choose a user.</p>
          <Loaded resource={users} what="the users of this stack">
            {(answer) => <UserCards users={answer.users} />}
          </Loaded>
        </>
      )}
    </main>
  );
}

/** Opens the page at which users sign in, if the API knows it. */
function Elsewhere() {
  const [search] = useSearchParams();
  const address = useQuery(queries.signInAddress());
  const page = webAddress(address.data?.url);
  useEffect(() => {
    if (page === undefined) return;
    const url = new URL(page);
    url.searchParams.set('next', pageAfterSignIn(search.get('next')));
    window.location.replace(url);
  }, [page, search]);
  return (
    <Loaded resource={address} what="the sign-in page">
      {({ url }) =>
        url === null ? (
          <Notice tone="info">This server has no local sign-in. Sign in to Reunite and open the console there.</Notice>
        ) : (
          <p className="sign-in-lead">Opening the sign-in page …</p>
        )
      }
    </Loaded>
  );
}

function UserCards({ users }: { readonly users: readonly LocalUser[] }) {
  const [search] = useSearchParams();
  const signIn = useAction(
    signInLocally,
    // Not the router: `next` may be a URL of the API, such as the callback of a server.
    () => window.location.replace(pageAfterSignIn(search.get('next'))),
  );
  return (
    <>
      <FormProblem error={signIn.error} violations={[]} />
      <ul className="user-cards">
        {users.map((user) => (
          <li key={user.id}>
            <button type="button" onClick={() => signIn.run(user.id)} disabled={signIn.pending}>
              <span className="avatar" aria-hidden="true">
                {user.name.charAt(0)}
              </span>
              <span className="user-card-text">
                <strong>{user.name}</strong>
                <span>
                  {user.organizationName} · {user.roles.join(', ')}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
