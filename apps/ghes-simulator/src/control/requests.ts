import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Ghes } from '../ghes.js';
import { ApiError, notFound } from '../rest/api.error.js';
import { administers, findRepository } from '../state/lookup.js';
import type { Account, Repository } from '../state/model.js';

export function read<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  const parsed = schema.safeParse(request.body ?? {});
  if (!parsed.success) throw new ApiError(422, z.prettifyError(parsed.error));
  return parsed.data;
}

/** Finds a repository by its full name, e.g. `acme/docs`. @throws ApiError 404 */
export function repositoryNamed(ghes: Ghes, name: string): Repository {
  const [owner = '', repo = ''] = name.split('/');
  const repository = findRepository(ghes.store, owner, repo);
  if (!repository) throw notFound();
  return repository;
}

/** The account's first owner, as the sender of events. @throws ApiError 422 */
export function administratorOf(ghes: Ghes, account: Account): Account {
  const user = ghes.store.state.accounts.find((item) => item.type === 'User' && administers(ghes.store, account, item));
  if (!user) throw new ApiError(422, `${account.login} has no owner`);
  return user;
}
