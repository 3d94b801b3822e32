/** What a person may do in an organization, each including the ones before it. */
export const roles = ['read', 'write', 'maintain', 'admin', 'owner'] as const;
export type Role = (typeof roles)[number];

/** Whether any of the roles that someone holds includes the needed one. */
export function includesRole(held: readonly string[], needed: Role): boolean {
  return held.some((role) => roles.indexOf(role as Role) >= roles.indexOf(needed));
}
