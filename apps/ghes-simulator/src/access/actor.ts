import type { Account, App, Installation, InstallationToken } from '../state/model.js';

/** Who makes a request. */
export type Actor =
  | { kind: 'anonymous' }
  /** With `app`: by a token that the user let that app have. */
  | { kind: 'user'; user: Account; app?: App }
  | { kind: 'app'; app: App }
  | { kind: 'installation'; app: App; bot: Account; installation: Installation; token: InstallationToken };

/** The account that a change is recorded under. */
export function actingAccount(actor: Actor): Account | undefined {
  if (actor.kind === 'user') return actor.user;
  return actor.kind === 'installation' ? actor.bot : undefined;
}
