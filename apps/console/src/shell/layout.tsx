import { use, useSyncExternalStore } from 'react';
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import { send } from '../api/client.js';
import { LiveContext } from '../api/live-context.js';
import { paths } from '../api/paths.js';
import { useAction } from '../api/use-action.js';
import { PageBoundary } from '../components/page-boundary.js';
import { useSession } from './session-context.js';

function LiveState() {
  const feed = use(LiveContext);
  const interrupted = useSyncExternalStore(feed.watch, feed.isInterrupted);
  return (
    <span className={interrupted ? 'live live-off' : 'live'} role="status">
      {interrupted ? 'Reconnecting…' : 'Live'}
    </span>
  );
}

function SignedIn() {
  const session = useSession();
  // A full page load clears the data of the previous user from memory.
  const signOut = useAction(
    () => send('POST', paths.signOut),
    () => window.location.assign('/sign-in'),
  );
  return (
    <div className="signed-in">
      <LiveState />
      <span className="user">
        <strong>{session.name}</strong>
        <span>{session.organizationName}</span>
      </span>
      <button type="button" className="button button-quiet" onClick={() => signOut.run(undefined)}>
        Sign out
      </button>
    </div>
  );
}

/** The frame around every page. */
export function Layout() {
  const { pathname } = useLocation();
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <header className="top">
        <div className="top-inner">
          <Link className="brand" to="/">
            <img src="/favicon.svg" alt="" width="28" height="28" />
            <span>Reunite</span>
          </Link>
          <nav aria-label="Main">
            <NavLink to="/projects">Projects</NavLink>
            <NavLink to="/connections">Git providers</NavLink>
          </nav>
          <SignedIn />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <PageBoundary key={pathname.split('/')[1]}>
          <Outlet />
        </PageBoundary>
      </main>
      <span id="opens-new-tab" hidden>
        Opens in a new tab
      </span>
    </>
  );
}
