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

const roles = ['read', 'write', 'maintain', 'admin', 'owner'];

/** Whether one of the roles includes `needed`: each includes the ones before it. The API decides here too. */
export function may(session: Session, needed: string): boolean {
  return session.roles.some((role) => roles.indexOf(role) >= roles.indexOf(needed));
}
