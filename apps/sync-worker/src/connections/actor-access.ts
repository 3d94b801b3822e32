import { isNotGranted } from '@reunite/connections';
import type { ConnectionEntity } from '@reunite/connections';
import { ForbiddenError, isCoded, NotFoundError } from '@reunite/contracts';
import type { CodedError, NeededPermissions } from '@reunite/contracts';
import { GhesForbiddenError } from '@reunite/ghes-client';
import type { GhesClient, RepositoryName } from '@reunite/ghes-client';
import type { RepositoryEntity } from '@reunite/repositories';
import { userMessage } from '../interactive/user-message.js';

/** The identity that the server shows for a change: the actor's account there, or the app. */
export type ServerIdentity = { readonly kind: 'user'; readonly login: string } | { readonly kind: 'app' };

/** A repository, and the client that works on an actor's behalf. */
export interface ActorAccess {
  readonly connection: ConnectionEntity;
  readonly repository: RepositoryEntity;
  readonly name: RepositoryName;
  readonly client: GhesClient;
  readonly identity: ServerIdentity;
  /** The permissions that an app token is limited to. User tokens are not limited. */
  readonly permissions: NeededPermissions;
}

/**
 * Converts a denial of the server into a user-facing error: it names the permission that the app lacks, or the account
 * that lacks access. Returns other errors unchanged.
 */
export function explainDenial(error: unknown, access: ActorAccess): unknown {
  if (!isCoded(error)) return error;
  const { identity, repository, permissions } = access;
  const name = `${repository.owner}/${repository.name}`;
  const general = generalDenial(error, name);
  if (general !== null) return new ForbiddenError(general, { cause: error });
  const needed = Object.entries(permissions)
    .map(([permission, level]) => `${permission}: ${level}`)
    .join(', ');
  if (identity.kind === 'user') {
    const message = userDenial(error.code, identity.login, name, needed);
    if (message === null) return error;
    if (error.code === 'ghes-not-found') return new NotFoundError(`${message}: ${error.message}`, { cause: error });
    return new ForbiddenError(error.code === 'ghes-forbidden' ? `${message}: ${error.message}` : message, {
      cause: error,
    });
  }
  if (isNotGranted(error) || (error instanceof GhesForbiddenError && error.missingPermission === undefined)) {
    return new ForbiddenError(
      `The app lacks a permission for this in ${name}; it needs ${needed}. Grant it on the app’s page on the server, and accept the change on the installation. (${error.message})`,
      { cause: error },
    );
  }
  return error.code === 'ghes-forbidden' ? new ForbiddenError(userMessage(error), { cause: error }) : error;
}

/** Denials that neither the account nor the permissions listed here explain. The server has no codes for them. */
function generalDenial({ code, message }: CodedError, name: string): string | null {
  if (code !== 'ghes-forbidden' && code !== 'ghes-validation') return null;
  if (/repository was archived/i.test(message)) {
    return `${name} is archived on the server, so it is read-only. Unarchive it there to change it.`;
  }
  const [, permission] = /without [`"']?(\w+)[`"']? permission/i.exec(message) ?? [];
  if (permission === undefined) return null;
  return `The app needs the permission "${permission}" for this in ${name}. Grant it on the app’s page on the server, and accept the change on the installation. (${message})`;
}

function userDenial(code: string, login: string, repository: string, needed: string): string | null {
  switch (code) {
    case 'ghes-unauthorized':
      return `The server no longer accepts your sign-in as ${login}. Sign in to GitHub again, and repeat this.`;
    case 'ghes-forbidden':
      return `The server does not allow your account ${login} to do this in ${repository} (it needs ${needed})`;
    case 'ghes-not-found':
      return `The server has nothing there that your account ${login} can see in ${repository}`;
    default:
      return null;
  }
}
