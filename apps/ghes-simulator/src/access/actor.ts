import type { Account, App, Installation, InstallationToken } from '../state/model.js';

/** The caller of a request. */
export type Actor =
  | { kind: 'anonymous' }
  /** With `app`: through a token that the user authorized for that app. */
  | { kind: 'user'; user: Account; app?: App }
  | { kind: 'app'; app: App }
  | { kind: 'installation'; app: App; bot: Account; installation: Installation; token: InstallationToken };

/** The account that a change is attributed to. */
export function actingAccount(actor: Actor): Account | undefined {
  if (actor.kind === 'user') return actor.user;
  return actor.kind === 'installation' ? actor.bot : undefined;
}
