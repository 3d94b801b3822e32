import type { Ghes } from '../ghes.js';
import { ApiError, notAccessible, notFound, requiresAuthentication } from '../rest/api.error.js';
import { findRepository, installedRepositories, organizationRole } from '../state/lookup.js';
import type { PermissionLevel, Permissions, Repository } from '../state/model.js';
import type { Actor } from './actor.js';

const RANKS: Record<PermissionLevel | 'none', number> = { none: 0, read: 1, write: 2, admin: 3 };

export function atLeast(granted: PermissionLevel | undefined, needed: PermissionLevel): boolean {
  return RANKS[granted ?? 'none'] >= RANKS[needed];
}

/** Repositories that an installation token may see: those of the installation, narrowed by the token. */
export function tokenRepositories(ghes: Ghes, actor: Extract<Actor, { kind: 'installation' }>): Repository[] {
  const covered = installedRepositories(ghes.store, actor.installation);
  const chosen = actor.token.repositoryIds;
  return chosen ? covered.filter((repository) => chosen.includes(repository.id)) : covered;
}

/** The actor's permissions on a repository; undefined if the actor must not learn that it exists. */
export function repositoryPermissions(ghes: Ghes, actor: Actor, repository: Repository): Permissions | undefined {
  const reader: Permissions = {
    metadata: 'read',
    contents: 'read',
    pull_requests: 'read',
    statuses: 'read',
    checks: 'read',
  };
  const everyone = repository.private || (ghes.settings.privateMode && actor.kind === 'anonymous') ? undefined : reader;
  switch (actor.kind) {
    case 'anonymous':
    case 'app':
      return everyone;
    case 'installation':
      return tokenRepositories(ghes, actor).includes(repository) ? actor.token.permissions : everyone;
    case 'user': {
      const role = userRole(ghes, actor.user.id, repository);
      if (role === undefined) return everyone;
      const level: PermissionLevel = 'write';
      const rest: Permissions = role === 'admin' ? { administration: 'write' } : {};
      return { metadata: 'read', contents: level, pull_requests: level, statuses: level, checks: level, ...rest };
    }
  }
}

/** Owners of an organization and of a personal repository administer it; members write. */
function userRole(ghes: Ghes, userId: number, repository: Repository): 'admin' | 'member' | undefined {
  return repository.ownerId === userId ? 'admin' : organizationRole(ghes.store, repository.ownerId, userId);
}

/**
 * Finds a repository by name and checks the actor's permission.
 * @throws ApiError 404 if the actor cannot see it, 403 if the permission is missing
 */
export function requireRepository(
  ghes: Ghes,
  actor: Actor,
  name: { owner: string; repo: string },
  permission: string,
  level: PermissionLevel,
): Repository {
  const repository = findRepository(ghes.store, name.owner, name.repo);
  const permissions = repository && repositoryPermissions(ghes, actor, repository);
  if (!repository || !permissions) throw notFound();
  if (atLeast(permissions[permission], level)) {
    if (level !== 'read' && repository.archived === true) {
      throw new ApiError(403, 'Repository was archived so is read-only.');
    }
    return repository;
  }
  if (actor.kind === 'anonymous') throw requiresAuthentication();
  if (actor.kind === 'user') throw new ApiError(403, 'Must have push access to repository.');
  throw notAccessible();
}

export function requireApp(actor: Actor): Extract<Actor, { kind: 'app' }> {
  if (actor.kind === 'app') return actor;
  throw new ApiError(401, 'A JSON web token could not be decoded');
}

export function requireInstallation(actor: Actor): Extract<Actor, { kind: 'installation' }> {
  if (actor.kind === 'installation') return actor;
  throw actor.kind === 'anonymous'
    ? requiresAuthentication()
    : new ApiError(403, 'You must authenticate with an installation access token in order to use this endpoint.');
}
