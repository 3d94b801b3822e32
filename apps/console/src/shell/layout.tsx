import { use, useSyncExternalStore } from 'react';
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import { send } from '../api/client.js';
import { LiveContext } from '../api/live-context.js';
import { paths } from '../api/paths.js';
import { useAction } from '../api/use-action.js';
import { discardDrafts } from '../pages/project/editor/draft-store.js';
import { Notice } from '../components/notice.js';
import { PageBoundary } from '../components/page-boundary.js';
import { Commands } from './commands/commands.js';
import { may, useSession } from './session-context.js';
import { Toasts } from './toasts/toasts.js';

function LiveState() {
  const feed = use(LiveContext);
  const interrupted = useSyncExternalStore(feed.watch, feed.isInterrupted);
  return (
    <span className={interrupted ? 'live live-off' : 'live'} role="status">
      {interrupted ? 'Reconnecting…' : 'Live'}
    </span>
  );
}

/** A warning that the page may be outdated, shown while the live stream is interrupted. */
function Interruption() {
  const feed = use(LiveContext);
  const interrupted = useSyncExternalStore(feed.watch, feed.isInterrupted);
  if (!interrupted) return null;
  return (
    <Notice tone="warn" title="The server is unreachable">
      This page may be outdated. The console reconnects and updates it automatically.
    </Notice>
  );
}

function SignedIn() {
  const session = useSession();
  // A full page load clears the data of the previous user from memory.
  const signOut = useAction(
    () => send('post', paths.signOut),
    () => {
      discardDrafts();
      window.location.assign('/sign-in');
    },
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
  const session = useSession();
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
            <NavLink to="/" end>
              Home
            </NavLink>
            <NavLink to="/projects">Projects</NavLink>
            <NavLink to="/connections">Git providers</NavLink>
            {may(session, 'admin') && <NavLink to="/activity">Activity</NavLink>}
          </nav>
          <Commands />
          <SignedIn />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Interruption />
        <PageBoundary key={pathname.split('/')[1]}>
          <Outlet />
        </PageBoundary>
      </main>
      <Toasts />
      <span id="opens-new-tab" hidden>
        Opens in a new tab
      </span>
    </>
  );
}
