import type { FastifyRequest } from 'fastify';
import { actingAccount, type Actor } from '../access/actor.js';
import { authenticate } from '../access/authenticate.js';
import { atLeast, repositoryPermissions } from '../access/authorize.js';
import type { Ghes } from '../ghes.js';
import { fullName, htmlUrl } from '../representations/urls.js';
import { ApiError } from '../rest/api.error.js';
import { findRedirect, findRepository } from '../state/lookup.js';
import type { Repository } from '../state/model.js';

type GitRequest = FastifyRequest<{ Params: { owner: string; repo: string } }>;

export const needsPassword = () => new ApiError(401, 'Authentication failed.');

/** @throws ApiError, MovedError if the caller has no such access to the repository of the request */
export async function admit(
  ghes: Ghes,
  request: GitRequest,
  level: 'read' | 'write',
): Promise<{ actor: Actor; repository: Repository }> {
  const actor = await authenticate(ghes, request.headers.authorization);
  const name = request.params.repo.replace(/\.git$/, '');
  const repository = findRepository(ghes.store, request.params.owner, name);
  if (!repository) redirectIfMoved(ghes, request, actor, name);
  const permissions = repository && repositoryPermissions(ghes, actor, repository);
  if (repository && atLeast(permissions?.['contents'], level)) return { actor, repository };
  if (actor.kind === 'anonymous') throw needsPassword();
  if (!repository || !permissions) throw new ApiError(404, 'Repository not found.');
  const who = actingAccount(actor)?.login ?? 'this app';
  throw new ApiError(403, `Permission to ${request.params.owner}/${name}.git denied to ${who}.`);
}

export class MovedError extends Error {
  constructor(readonly location: string) {
    super('Moved Permanently');
  }
}

/** @throws MovedError with the current address, if the actor may see the repository */
function redirectIfMoved(ghes: Ghes, request: GitRequest, actor: Actor, name: string): void {
  const moved = findRedirect(ghes.store, request.params.owner, name);
  if (!moved || !repositoryPermissions(ghes, actor, moved.to)) return;
  const service = request.url.split('/').slice(3).join('/');
  throw new MovedError(htmlUrl(ghes, `/${fullName(ghes, moved.to)}.git/${service}`));
}
