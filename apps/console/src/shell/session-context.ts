import { createContext, use } from 'react';
import type { Session } from '../api/paths.js';

export const SessionContext = createContext<Session | null>(null);

/** The signed-in user. Available inside of the shell only. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('useSession must be used inside of the signed-in shell');
  return session;
}

/** Only owners manage providers. The API enforces it; the console hides what it would reject. */
export function mayManageProviders(session: Session): boolean {
  return session.roles.includes('owner');
}

const roles = ['read', 'write', 'maintain', 'admin', 'owner'];

/** Whether one of the roles includes `needed`: each includes the ones before it. The API decides here too. */
export function may(session: Session, needed: string): boolean {
  return session.roles.some((role) => roles.indexOf(role) >= roles.indexOf(needed));
}
