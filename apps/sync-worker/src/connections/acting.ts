import type { ConnectionEntity } from '@reunite/connections';
import { ForbiddenError, isCoded, NotFoundError } from '@reunite/contracts';
import { GhesForbiddenError } from '@reunite/ghes-client';
import type { GhesClient } from '@reunite/ghes-client';
import type { RepositoryEntity } from '@reunite/repositories';
import { explain } from '../interactive/explain.js';
import { isNotGranted } from './not-granted.rules.js';

/** Who the server sees: a person by their account there, or the app. */
export type ActingAs = { readonly kind: 'user'; readonly login: string } | { readonly kind: 'app' };

/** A repository as it is reached for a person. */
export interface ActingAccess {
  readonly connection: ConnectionEntity;
  readonly repository: RepositoryEntity;
  readonly client: GhesClient;
  readonly as: ActingAs;
  /** What the app's token is narrowed to; a person's token is not. */
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
}

/**
 * What a person is told when the server refused: which permission the app lacks, or that it is their own account that may
 * not do this there. Other errors are given back as they are.
 */
export function refusalOf(error: unknown, { as, repository, permissions }: ActingAccess): unknown {
  if (!isCoded(error)) return error;
  const name = `${repository.owner}/${repository.name}`;
  const needed = Object.entries(permissions)
    .map(([permission, level]) => `${permission}: ${level}`)
    .join(', ');
  if (as.kind === 'user') {
    if (error.code === 'ghes-unauthorized') {
      return new ForbiddenError(
        `The server no longer accepts your sign-in as ${as.login}. Sign in to GitHub again, and repeat this.`,
        { cause: error },
      );
    }
    if (error.code === 'ghes-forbidden') {
      return new ForbiddenError(
        `The server does not let your account ${as.login} do this in ${name} (it takes ${needed}): ${error.message}`,
        { cause: error },
      );
    }
    if (error.code === 'ghes-not-found') {
      return new NotFoundError(
        `The server finds nothing there that your account ${as.login} may see in ${name}: ${error.message}`,
        { cause: error },
      );
    }
    return error;
  }
  if (isNotGranted(error) || (error instanceof GhesForbiddenError && error.missingPermission === undefined)) {
    return new ForbiddenError(
      `The app lacks a permission for this in ${name}; it takes ${needed}. Grant it on the app’s page on the server, and accept the change on the installation. (${error.message})`,
      { cause: error },
    );
  }
  return error.code === 'ghes-forbidden' ? new ForbiddenError(explain(error), { cause: error }) : error;
}
