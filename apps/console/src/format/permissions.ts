import type { ConnectionHealth } from '@reunite/contracts';
import { includesLevel } from '@reunite/contracts/permissions';
import { sentence } from './text.js';

/** Required permissions with the labels of GHES; `keys` are their names in the API. */
export const NEEDED_PERMISSIONS = [
  {
    scope: 'Repository',
    name: 'Administration',
    keys: ['administration'],
    level: 'read',
    reason: 'To read the branch protection and rulesets that can reject commits and merges.',
  },
  {
    scope: 'Repository',
    name: 'Checks',
    keys: ['checks'],
    level: 'read',
    reason: 'To show the results of other checks before a merge.',
  },
  {
    scope: 'Repository',
    name: 'Commit statuses',
    keys: ['statuses'],
    level: 'write',
    reason: 'To report builds, previews, lint and link checks on commits.',
  },
  {
    scope: 'Repository',
    name: 'Contents',
    keys: ['contents'],
    level: 'write',
    reason: 'To sync content, and to commit what users edit.',
  },
  {
    scope: 'Repository',
    name: 'Metadata',
    keys: ['metadata'],
    level: 'read',
    reason: 'To list repositories. Every app has it.',
  },
  {
    scope: 'Repository',
    name: 'Pull requests',
    keys: ['pull_requests'],
    level: 'write',
    reason: 'To preview, open, edit and merge pull requests.',
  },
  {
    scope: 'Organization',
    name: 'Members',
    keys: ['members'],
    level: 'read',
    reason: 'Reunite requires it for every self-hosted provider.',
  },
  {
    scope: 'Account',
    name: 'Email addresses',
    keys: ['emails', 'email_addresses'],
    level: 'read',
    reason: 'Reunite requires it for every self-hosted provider.',
  },
] as const;

export interface PermissionLine {
  readonly scope: string;
  readonly name: string;
  readonly needed: string;
  readonly granted: string;
  readonly enough: boolean;
  /** When a token with it was last handed out; null if that is long ago or unknown. */
  readonly usedAt: string | null;
}

/** Compares each needed permission with the granted level, followed by permissions that are granted without need. */
export function comparePermissions(
  granted: Readonly<Record<string, string>>,
  usage: ConnectionHealth['permissions'] = [],
): PermissionLine[] {
  const usedAt = (name: string) => usage.find((permission) => permission.name === name)?.usedAt ?? null;
  const lines = NEEDED_PERMISSIONS.map(({ scope, name, keys, level }) => {
    const has = keys.map((key) => granted[key]).find((value) => value !== undefined) ?? 'none';
    return { scope, name, needed: level, granted: has, enough: includesLevel(has, level), usedAt: usedAt(keys[0]) };
  });
  const needed = new Set<string>(NEEDED_PERMISSIONS.flatMap(({ keys }) => keys));
  const others = Object.entries(granted).filter(([name]) => !needed.has(name));
  return [
    ...lines,
    ...others.map(([name, level]) => ({
      scope: '',
      name: sentence(name),
      needed: 'none',
      granted: level,
      enough: true,
      usedAt: usedAt(name),
    })),
  ];
}
