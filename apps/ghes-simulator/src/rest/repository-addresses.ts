import type { FastifyRequest } from 'fastify';
import { repositoryPermissions } from '../access/authorize.js';
import type { Ghes } from '../ghes.js';
import { apiUrl, fullName } from '../representations/urls.js';
import { findRedirect, findRepository } from '../state/lookup.js';
import { idOf } from './requests.js';

/**
 * Rewrites `/api/v3/repositories/ID/…` to the repository's current name. Redirects and links of real servers lead to
 * this address, which has all operations of `/repos/OWNER/NAME/…`.
 */
export function byCurrentName(ghes: Ghes, url: string): string {
  const [, id, rest = ''] = /^\/api\/v3\/repositories\/(\d+)([/?].*)?$/.exec(url) ?? [];
  const repository = ghes.store.state.repositories.find((item) => item.id === idOf(id ?? ''));
  return repository ? `/api/v3/repos/${fullName(ghes, repository)}${rest}` : url;
}

/** The address that a request to a former name is redirected to, if the actor may see the repository. */
export function movedTo(ghes: Ghes, { url, actor }: FastifyRequest): string | undefined {
  const [, owner = '', name = '', rest = ''] = /^\/api\/v3\/repos\/([^/?]+)\/([^/?]+)([/?].*)?$/.exec(url) ?? [];
  if (name === '' || findRepository(ghes.store, owner, name)) return undefined;
  const moved = findRedirect(ghes.store, owner, name);
  if (!moved?.rest || !repositoryPermissions(ghes, actor, moved.to)) return undefined;
  return apiUrl(ghes, `/repositories/${moved.to.id}${rest}`);
}
