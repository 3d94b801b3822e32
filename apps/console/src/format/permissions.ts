import { includesLevel } from '@reunite/contracts/permissions';

/** Required permissions with the labels of GHES; `keys` are their names in the API. */
const NEEDED_PERMISSIONS = [
  { scope: 'Repository', name: 'Administration', keys: ['administration'], level: 'read' },
  { scope: 'Repository', name: 'Checks', keys: ['checks'], level: 'read' },
  { scope: 'Repository', name: 'Commit statuses', keys: ['statuses'], level: 'write' },
  { scope: 'Repository', name: 'Contents', keys: ['contents'], level: 'write' },
  { scope: 'Repository', name: 'Metadata', keys: ['metadata'], level: 'read' },
  { scope: 'Repository', name: 'Pull requests', keys: ['pull_requests'], level: 'write' },
  { scope: 'Organization', name: 'Members', keys: ['members'], level: 'read' },
  { scope: 'Account', name: 'Email addresses', keys: ['emails', 'email_addresses'], level: 'read' },
] as const;

export interface PermissionLine {
  readonly scope: string;
  readonly name: string;
  readonly needed: string;
  readonly granted: string;
  readonly enough: boolean;
}

/** Compares each needed permission with the granted level. */
export function comparePermissions(granted: Readonly<Record<string, string>>): PermissionLine[] {
  return NEEDED_PERMISSIONS.map(({ scope, name, keys, level }) => {
    const has = keys.map((key) => granted[key]).find((value) => value !== undefined) ?? 'none';
    return { scope, name, needed: level, granted: has, enough: includesLevel(has, level) };
  });
}
