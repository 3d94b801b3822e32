import type { Role } from '@reunite/contracts';

/** A built-in user of the local stack. */
export interface LocalUser {
  readonly id: string;
  readonly name: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly roles: readonly Role[];
}

const acme = { organizationId: 'org_acme', organizationName: 'Acme Docs' };
const globex = { organizationId: 'org_globex', organizationName: 'Globex Docs' };

/** An owner, a writer, and an owner of another organization, to try out roles and P8. */
export const localUsers: readonly LocalUser[] = [
  { id: 'ada', name: 'Ada', ...acme, roles: ['owner'] },
  { id: 'grace', name: 'Grace', ...acme, roles: ['write'] },
  { id: 'mallory', name: 'Mallory', ...globex, roles: ['owner'] },
];
