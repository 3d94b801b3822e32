import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isLogin, isRepositoryName } from '../git/names.js';
import type { Ghes } from '../ghes.js';
import { mergeInQueue } from '../pulls/merge-queue.js';
import { deleteRepository, moveRepository, renameAccount, renameDefaultBranch } from '../repositories/moves.js';
import { repositoryJson } from '../representations/repository.js';
import { ApiError, notFound } from '../rest/api.error.js';
import { accountById, findAccount, findPullRequest, findRepository } from '../state/lookup.js';
import type { Account } from '../state/model.js';
import { administratorOf, read, repositoryNamed } from './requests.js';

const named = z.object({ repository: z.string().describe('full name, e.g. acme/docs') });
const move = named.extend({ name: z.string(), owner: z.string().optional() });
const settings = named.extend({
  private: z.boolean().optional(),
  archived: z.boolean().optional(),
  defaultBranch: z.string().optional(),
});

/**
 * Changes of names, owners and settings: what the owners of repositories and organizations do on their settings pages.
 */
export function identityControls(app: FastifyInstance, ghes: Ghes): void {
  /** Renames a repository, or transfers it to another owner. */
  app.post('/repositories/move', async (request) => {
    const wanted = read(move, request);
    const repository = repositoryNamed(ghes, wanted.repository);
    const owner =
      wanted.owner === undefined ? accountById(ghes.store, repository.ownerId) : accountNamed(ghes, wanted.owner);
    if (!isRepositoryName(wanted.name)) throw new ApiError(422, `"${wanted.name}" is not a repository name`);
    if (findRepository(ghes.store, owner.login, wanted.name)) throw new ApiError(422, 'name already exists');
    await moveRepository(ghes, repository, owner, wanted.name);
    return repositoryJson(ghes, repository);
  });

  app.put('/repositories/settings', async (request) => {
    const { repository: name, defaultBranch, ...rest } = read(settings, request);
    const repository = repositoryNamed(ghes, name);
    ghes.store.change(() => Object.assign(repository, rest));
    if (defaultBranch !== undefined) {
      const sender = administratorOf(ghes, accountById(ghes.store, repository.ownerId));
      await renameDefaultBranch(ghes, repository, defaultBranch, sender);
    }
    return repositoryJson(ghes, repository);
  });

  app.delete('/repositories', async (request, reply) => {
    await deleteRepository(ghes, repositoryNamed(ghes, read(named, request).repository));
    return reply.code(204).send();
  });

  app.post<{ Params: { login: string } }>('/accounts/:login/rename', async (request) => {
    const account = accountNamed(ghes, request.params.login);
    const { login } = read(z.object({ login: z.string() }), request);
    if (!isLogin(login) || findAccount(ghes.store, login)) throw new ApiError(422, `"${login}" cannot be the new name`);
    await renameAccount(ghes, account, login, administratorOf(ghes, account));
    return { login: account.login };
  });

  /** Adds a pull request to the merge queue of its base branch. */
  app.post('/merge-queue', async (request, reply) => {
    const wanted = read(named.extend({ number: z.int() }), request);
    const pull = findPullRequest(ghes.store, repositoryNamed(ghes, wanted.repository), wanted.number);
    if (!pull) throw notFound();
    return reply.code(201).send(await mergeInQueue(ghes, pull));
  });

  /** Removes a pull request from the server, as a restored backup does. No event is sent. */
  app.delete('/pull-requests', (request, reply) => {
    const wanted = read(named.extend({ number: z.int() }), request);
    const repository = repositoryNamed(ghes, wanted.repository);
    ghes.store.change((state) => {
      const isAnother = (pull: { repositoryId: number; number: number }) =>
        pull.repositoryId !== repository.id || pull.number !== wanted.number;
      state.pullRequests = state.pullRequests.filter(isAnother);
    });
    return reply.code(204).send();
  });
}

function accountNamed(ghes: Ghes, login: string): Account {
  const account = findAccount(ghes.store, login);
  if (!account) throw notFound();
  return account;
}
