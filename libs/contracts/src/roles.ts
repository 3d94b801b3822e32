/** Roles of a caller in an organization. Each includes the ones before it. */
export const roles = ['read', 'write', 'maintain', 'admin', 'owner'] as const;
export type Role = (typeof roles)[number];

/** Whether any of the granted roles includes the needed one. */
export function includesRole(granted: readonly string[], needed: Role): boolean {
  return granted.some((role) => roles.indexOf(role as Role) >= roles.indexOf(needed));
}
