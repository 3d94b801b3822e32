import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { actingAccount, type Actor } from '../access/actor.js';
import { requireRepository } from '../access/authorize.js';
import type { Ghes } from '../ghes.js';
import { mergePullRequest } from '../pulls/merging.js';
import { editPullRequest, openPullRequest } from '../pulls/pull-requests.js';
import { pullRequestJson, pullRequestSimple } from '../representations/pull-request.js';
import { accountById, findPullRequest } from '../state/lookup.js';
import type { Account, PermissionLevel, PullRequest, Repository } from '../state/model.js';
import { notFound, requiresAuthentication } from './api.error.js';
import { idOf, pageOf, parseBody, type RepositoryParams } from './requests.js';

interface PullParams extends RepositoryParams {
  readonly number: string;
}

interface PullQuery {
  readonly state?: string;
  readonly head?: string;
  readonly base?: string;
  readonly sort?: string;
  readonly direction?: string;
}

const newPull = z.object({
  title: z.string().min(1).max(256),
  head: z.string().min(1),
  base: z.string().min(1),
  body: z.string().nullable().default(null),
  draft: z.boolean().default(false),
});

const pullEdit = z.object({
  title: z.string().min(1).max(256).optional(),
  body: z.string().nullable().optional(),
  base: z.string().optional(),
  state: z.enum(['open', 'closed']).optional(),
});

const mergeRequest = z.object({
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
});

/** https://docs.github.com/enterprise-server/rest/pulls/pulls */
export function pullsApi(app: FastifyInstance, ghes: Ghes): void {
  const find = (actor: Actor, params: PullParams, level: PermissionLevel) => {
    const repository = requireRepository(ghes, actor, params, 'pull_requests', level);
    const pull = findPullRequest(ghes.store, repository, idOf(params.number));
    if (!pull) throw notFound();
    return pull;
  };

  app.get<{ Params: RepositoryParams; Querystring: PullQuery }>('/repos/:owner/:repo/pulls', (request, reply) => {
    const repository = requireRepository(ghes, request.actor, request.params, 'pull_requests', 'read');
    const pulls = listPulls(ghes, repository, request.query);
    return pageOf(ghes, request, reply, pulls).map((pull) => pullRequestSimple(ghes, pull));
  });

  app.get<{ Params: PullParams }>('/repos/:owner/:repo/pulls/:number', ({ actor, params }) =>
    pullRequestJson(ghes, find(actor, params, 'read')),
  );

  app.post<{ Params: RepositoryParams }>('/repos/:owner/:repo/pulls', async (request, reply) => {
    const repository = requireRepository(ghes, request.actor, request.params, 'pull_requests', 'write');
    const wanted = parseBody(newPull, request, 'PullRequest');
    const pull = await openPullRequest(ghes, repository, actingUser(request.actor), wanted);
    void reply.code(201);
    return pullRequestJson(ghes, pull);
  });

  app.patch<{ Params: PullParams }>('/repos/:owner/:repo/pulls/:number', async (request) => {
    const pull = find(request.actor, request.params, 'write');
    await editPullRequest(ghes, pull, parseBody(pullEdit, request, 'PullRequest'), actingUser(request.actor));
    return pullRequestJson(ghes, pull);
  });

  // Merging requires the permission to write contents.
  app.put<{ Params: PullParams }>('/repos/:owner/:repo/pulls/:number/merge', async (request) => {
    requireRepository(ghes, request.actor, request.params, 'contents', 'write');
    const pull = find(request.actor, request.params, 'read');
    const {
      merge_method: method,
      commit_title: title,
      commit_message: message,
      sha,
    } = parseBody(mergeRequest, request, 'PullRequest');
    const merged = await mergePullRequest(ghes, pull, actingUser(request.actor), { method, title, message, sha });
    return { sha: merged, merged: true, message: 'Pull Request successfully merged' };
  });

  app.get<{ Params: PullParams }>('/repos/:owner/:repo/pulls/:number/merge', ({ actor, params }, reply) => {
    if (find(actor, params, 'read').mergedAt === null) throw notFound();
    return reply.code(204).send();
  });
}

export function actingUser(actor: Actor): Account {
  const account = actingAccount(actor);
  if (!account) throw requiresAuthentication();
  return account;
}

export function listPulls(ghes: Ghes, repository: Repository, query: PullQuery): PullRequest[] {
  const { login } = accountById(ghes.store, repository.ownerId);
  const state = query.state ?? 'open';
  const key = query.sort === 'updated' ? 'updatedAt' : 'createdAt';
  const direction = query.direction ?? (query.sort === undefined || query.sort === 'created' ? 'desc' : 'asc');
  const rising = direction === 'asc' ? 1 : -1;
  return ghes.store.state.pullRequests
    .filter((pull) => pull.repositoryId === repository.id)
    .filter((pull) => state === 'all' || pull.state === state)
    .filter((pull) => query.base === undefined || pull.baseRef === query.base)
    .filter((pull) => query.head === undefined || `${login}:${pull.headRef}` === query.head)
    .sort((left, right) => rising * (left[key].localeCompare(right[key]) || left.number - right.number));
}
