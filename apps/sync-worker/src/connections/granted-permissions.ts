import { InstallationEntity } from '@reunite/connections';
import { ForbiddenError, includesLevel, missingPermissions } from '@reunite/contracts';
import type { GrantedPermissions, NeededPermissions } from '@reunite/contracts';
import type { RepositoryEntity } from '@reunite/repositories';
import type { DataSource } from 'typeorm';

/**
 * Reads the permissions of the installation that a repository belongs to. Returns null if they are unknown, because the
 * connection has not been refreshed yet.
 */
export async function grantedPermissions(
  dataSource: DataSource,
  { connectionId, installationId }: RepositoryEntity,
): Promise<GrantedPermissions | null> {
  const installation = await dataSource
    .getRepository(InstallationEntity)
    .findOneBy({ connectionId, id: installationId });
  const granted = installation?.permissions ?? {};
  return Object.keys(granted).length === 0 ? null : granted;
}

/** Returns the optional permissions that were granted. If it is unknown which were, returns all of them. */
export function grantedSubset(granted: GrantedPermissions | null, optional: NeededPermissions): NeededPermissions {
  if (granted === null) return optional;
  return Object.fromEntries(Object.entries(optional).filter(([name, level]) => includesLevel(granted[name], level)));
}

/** @throws ForbiddenError naming the first missing permission by its label on the app's settings page */
export function assertGranted(
  granted: GrantedPermissions | null,
  needed: NeededPermissions,
  { owner }: RepositoryEntity,
): void {
  const [missing] = granted === null ? [] : missingPermissions(granted, needed);
  if (!missing) return;
  const { name, level } = missing;
  const label = name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');
  throw new ForbiddenError(
    `The app needs the permission "${label}: ${level}" on ${owner}; it has "${granted?.[name] ?? 'none'}". ` +
      `Change it on the app's page of the server, and accept it on the installation.`,
  );
}
