import { includesRole } from '@reunite/contracts/roles';
import type { Role } from '@reunite/contracts/roles';
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

/**
 * Whether one of the session's roles includes the required one. The API enforces it; the console hides what it would
 * reject.
 */
export function may(session: Session, required: Role): boolean {
  return includesRole(session.roles, required);
}
