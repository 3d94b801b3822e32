import { createContext, use } from 'react';
import type { Session } from '../api/paths.js';

export const SessionContext = createContext<Session | null>(null);

/** Who is signed in; only for what is inside the shell. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('useSession is used outside of the signed-in shell');
  return session;
}

/** Only an organization's owner manages its providers; the API decides, this only spares a refusal. */
export function mayManageProviders(session: Session): boolean {
  return session.roles.includes('owner');
}
