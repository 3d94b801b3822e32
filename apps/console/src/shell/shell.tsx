import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { RouterProvider } from 'react-aria-components';
import { Navigate, useHref, useLocation, useNavigate } from 'react-router';
import { queries } from '../api/queries.js';
import { sessionEvents } from '../api/client.js';
import { LiveContext } from '../api/live-context.js';
import { LiveFeed } from '../api/live-feed.js';
import { invalidateByEvents } from '../api/live-invalidation.js';
import { ProblemError } from '../api/problem.error.js';
import { Announcer } from '../components/announcer.js';
import { Loaded } from '../components/loaded.js';
import { Layout } from './layout.js';
import { SessionContext } from './session-context.js';

/** The parts that need a signed-in user: session, live feed and layout. */
export function Shell() {
  const session = useQuery(queries.session());
  const [signedOut, setSignedOut] = useState(false);
  const location = useLocation();
  const navigate = useNavigate();
  const go = (to: string) => void navigate(to);

  useEffect(() => {
    const onSignedOut = () => setSignedOut(true);
    sessionEvents.addEventListener('signed-out', onSignedOut);
    return () => sessionEvents.removeEventListener('signed-out', onSignedOut);
  }, []);

  if (signedOut || (session.error instanceof ProblemError && session.error.status === 401)) {
    const next = location.pathname === '/' ? '' : `?next=${encodeURIComponent(location.pathname + location.search)}`;
    return <Navigate to={`/sign-in${next}`} replace />;
  }
  return (
    <Loaded resource={session} what="your session">
      {(session) => (
        <SessionContext value={session}>
          <RouterProvider navigate={go} useHref={useHref}>
            <Live>
              <Announcer>
                <Layout />
              </Announcer>
            </Live>
          </RouterProvider>
        </SessionContext>
      )}
    </Loaded>
  );
}

function Live({ children }: { readonly children: React.ReactNode }) {
  const [feed] = useState(() => new LiveFeed((readMs) => new EventSource(`/v1/events?readMs=${readMs}`)));
  const client = useQueryClient();
  useEffect(() => {
    // A browser opens at most six connections per server for all tabs, so hidden tabs close their stream and read
    // everything again when they become visible.
    const follow = () => (document.hidden ? feed.close() : feed.open());
    const stop = invalidateByEvents(feed, client);
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      stop();
      document.removeEventListener('visibilitychange', follow);
      feed.close();
    };
  }, [feed, client]);
  return <LiveContext value={feed}>{children}</LiveContext>;
}
