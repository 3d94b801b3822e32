import { InstallationEntity } from '@reunite/connections';
import { ForbiddenError } from '@reunite/contracts';
import type { RepositoryEntity } from '@reunite/repositories';
import type { DataSource } from 'typeorm';

export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

const levels = ['read', 'write', 'admin'];

/** What the installation that reaches a repository was granted; null where that is not known yet. */
export async function grantedPermissions(
  dataSource: DataSource,
  { connectionId, installationId }: RepositoryEntity,
): Promise<Record<string, string> | null> {
  const installation = await dataSource
    .getRepository(InstallationEntity)
    .findOneBy({ connectionId, id: installationId });
  const granted = installation?.permissions ?? {};
  return Object.keys(granted).length === 0 ? null : granted;
}

function isGranted(granted: Readonly<Record<string, string>>, permission: string, level: string): boolean {
  return levels.indexOf(granted[permission] ?? '') >= levels.indexOf(level);
}

/** Those of the wanted permissions that were granted: what needs the others is left out. */
export function grantedOf(granted: Readonly<Record<string, string>> | null, wanted: Permissions): Permissions {
  if (granted === null) return wanted;
  return Object.fromEntries(Object.entries(wanted).filter(([name, level]) => isGranted(granted, name, level)));
}

/** @throws ForbiddenError that names the first permission that is missing, as the app's page on the server calls it */
export function assertGranted(
  granted: Readonly<Record<string, string>> | null,
  needed: Permissions,
  { owner }: RepositoryEntity,
): void {
  const missing = Object.entries(needed).find(([name, level]) => granted !== null && !isGranted(granted, name, level));
  if (!missing) return;
  const [name, level] = missing;
  const shown = name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');
  throw new ForbiddenError(
    `The app needs the permission "${shown}: ${level}" on ${owner}; it has "${granted?.[name] ?? 'none'}". ` +
      `Change it on the app's page of the server, and accept it on the installation.`,
  );
}
