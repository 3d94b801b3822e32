/** Permissions of a GitHub App that a task needs, by the API's names: `{ contents: 'write' }`. */
export type NeededPermissions = Readonly<Record<string, 'read' | 'write'>>;

/** Permissions that an app or an installation was granted. A permission that is missing was not granted. */
export type GrantedPermissions = Readonly<Record<string, string | undefined>>;

/** Each level includes the ones before it. */
const LEVELS = ['none', 'read', 'write', 'admin'];

/** Returns whether the granted level includes the needed one. Unknown levels are treated as not granted. */
export function includesLevel(granted: string | undefined, needed: string): boolean {
  return LEVELS.indexOf(granted ?? 'none') >= LEVELS.indexOf(needed);
}

/** Returns the permissions that are not granted, or only at a lower level. */
export function missingPermissions(
  granted: GrantedPermissions,
  needed: Readonly<Record<string, string>>,
): { readonly name: string; readonly level: string }[] {
  return Object.entries(needed)
    .filter(([name, level]) => !includesLevel(granted[name], level))
    .map(([name, level]) => ({ name, level }));
}
