import type { FastifyInstance } from 'fastify';
import type { Actor } from '../access/actor.js';
import { atLeast, repositoryPermissions, requireRepository } from '../access/authorize.js';
import { readCommit } from '../git/commit-object.js';
import { isRefName } from '../git/names.js';
import type { Ghes } from '../ghes.js';
import { commitJson } from '../representations/commit.js';
import { repositoryJson } from '../representations/repository.js';
import { apiUrl, fullName, htmlUrl } from '../representations/urls.js';
import { protectionOf } from '../protection/protection.js';
import { protectionJson } from '../representations/protection.js';
import { gitOf } from '../repositories/repositories.js';
import { repositoryById } from '../state/lookup.js';
import type { Repository } from '../state/model.js';
import { ApiError } from './api.error.js';
import { pageOf, type RepositoryParams } from './requests.js';

/** https://docs.github.com/enterprise-server/rest/repos and /rest/branches */
export function repositoriesApi(app: FastifyInstance, ghes: Ghes): void {
  app.get<{ Params: RepositoryParams }>('/repos/:owner/:repo', ({ actor, params }) => {
    const repository = requireRepository(ghes, actor, params, 'metadata', 'read');
    const granted = repositoryPermissions(ghes, actor, repository) ?? {};
    const admin = atLeast(granted['administration'], 'write');
    const push = atLeast(granted['contents'], 'write');
    const { forkOf } = repository;
    const parent = forkOf === undefined ? undefined : repositoryJson(ghes, repositoryById(ghes.store, forkOf));
    return {
      ...repositoryJson(ghes, repository),
      ...(parent ? { parent, source: parent } : {}),
      permissions: { admin, maintain: admin, push, triage: push, pull: true },
      allow_squash_merge: true,
      allow_merge_commit: true,
      allow_rebase_merge: true,
      allow_auto_merge: false,
      delete_branch_on_merge: false,
      subscribers_count: 0,
      network_count: 0,
    };
  });

  app.get<{ Params: RepositoryParams }>('/repos/:owner/:repo/branches', async (request, reply) => {
    const repository = requireRepository(ghes, request.actor, request.params, 'contents', 'read');
    const branches = await gitOf(ghes, repository).refs('refs/heads');
    const commits = apiUrl(ghes, `/repos/${fullName(ghes, repository)}/commits`);
    return pageOf(ghes, request, reply, branches).map(({ name, sha }) => ({
      name: name.slice('refs/heads/'.length),
      commit: { sha, url: `${commits}/${sha}` },
      protected: protectionOf(ghes, repository, name.slice('refs/heads/'.length)) !== undefined,
    }));
  });

  // Rulesets are not simulated; branches have classic protection only.
  app.get<{ Params: RepositoryParams }>('/repos/:owner/:repo/rules/branches/*', ({ actor, params }) => {
    requireRepository(ghes, actor, params, 'metadata', 'read');
    return [];
  });

  app.get<{ Params: RepositoryParams & { '*': string } }>(
    '/repos/:owner/:repo/branches/*',
    async ({ actor, params }) => {
      const repository = requireRepository(ghes, actor, params, 'contents', 'read');
      const git = gitOf(ghes, repository);
      const [, branch = '', below] = /^(.*?)(\/protection)?$/.exec(params['*']) ?? [];
      if (below !== undefined) return protection(ghes, actor, params, branch);
      const name = params['*'];
      const sha = isRefName(name) ? await git.resolve(`heads/${name}`) : undefined;
      if (sha === undefined) throw new ApiError(404, 'Branch not found');
      return branchJson(ghes, repository, name, commitJson(ghes, repository, await readCommit(git, sha)));
    },
  );
}

function protection(ghes: Ghes, actor: Actor, params: RepositoryParams, branch: string) {
  const repository = requireRepository(ghes, actor, params, 'administration', 'read');
  const rule = protectionOf(ghes, repository, branch);
  if (!rule) throw new ApiError(404, 'Branch not protected');
  return protectionJson(ghes, repository, rule);
}

function branchJson(ghes: Ghes, repository: Repository, name: string, commit: ReturnType<typeof commitJson>) {
  const full = fullName(ghes, repository);
  const self = apiUrl(ghes, `/repos/${full}/branches/${name}`);
  const rule = protectionOf(ghes, repository, name);
  const contexts = rule?.requiredContexts ?? [];
  const checks = contexts.map((context) => ({ context, app_id: null }));
  const level = contexts.length === 0 ? 'off' : rule?.enforceAdmins === true ? 'everyone' : 'non_admins';
  const enabled = rule !== undefined;
  return {
    name,
    commit,
    _links: { self, html: htmlUrl(ghes, `/${full}/tree/${name}`) },
    protected: enabled,
    protection: { enabled, required_status_checks: { enforcement_level: level, contexts, checks } },
    protection_url: `${self}/protection`,
  };
}
