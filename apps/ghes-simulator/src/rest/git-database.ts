import type { FastifyInstance } from 'fastify';
import { requireRepository } from '../access/authorize.js';
import type { Ref } from '../git/bare-repository.js';
import { readCommit } from '../git/commit-object.js';
import { isRefName } from '../git/names.js';
import { listTree, readBlob, type TreeEntry } from '../git/trees.js';
import type { Ghes } from '../ghes.js';
import { gitCommitJson } from '../representations/commit.js';
import { apiUrl, fullName } from '../representations/urls.js';
import { gitOf } from '../repositories/repositories.js';
import type { Repository } from '../state/model.js';
import { nodeId } from '../state/node-id.js';
import { notFound } from './api.error.js';
import { type RepositoryParams } from './requests.js';

interface ObjectParams extends RepositoryParams {
  readonly sha: string;
}

/** https://docs.github.com/enterprise-server/rest/git */
export function gitDatabaseApi(app: FastifyInstance, ghes: Ghes): void {
  app.get<{ Params: RepositoryParams & { '*': string } }>(
    '/repos/:owner/:repo/git/ref/*',
    async ({ actor, params }) => {
      const repository = requireRepository(ghes, actor, params, 'contents', 'read');
      const name = `refs/${params['*']}`;
      if (!isRefName(name)) throw notFound();
      const match = (await gitOf(ghes, repository).refs(name)).find((ref) => ref.name === name);
      if (!match) throw notFound();
      return refJson(ghes, repository, match);
    },
  );

  app.get<{ Params: RepositoryParams & { '*': string } }>(
    '/repos/:owner/:repo/git/matching-refs/*',
    async ({ actor, params }) => {
      const repository = requireRepository(ghes, actor, params, 'contents', 'read');
      const refs = await gitOf(ghes, repository).refs('refs/heads', 'refs/tags', 'refs/pull');
      const matching = refs.filter(({ name }) => name.startsWith(`refs/${params['*']}`));
      return Promise.all(matching.map((ref) => refJson(ghes, repository, ref)));
    },
  );

  app.get<{ Params: ObjectParams }>('/repos/:owner/:repo/git/commits/:sha', async ({ actor, params }) => {
    const repository = requireRepository(ghes, actor, params, 'contents', 'read');
    const git = gitOf(ghes, repository);
    if ((await git.typeOf(params.sha)) !== 'commit') throw notFound();
    return gitCommitJson(ghes, repository, await readCommit(git, params.sha));
  });

  app.get<{ Params: ObjectParams; Querystring: { recursive?: string } }>(
    '/repos/:owner/:repo/git/trees/:sha',
    async ({ actor, params, query }) => {
      const repository = requireRepository(ghes, actor, params, 'contents', 'read');
      const git = gitOf(ghes, repository);
      const sha = await git.resolve(params.sha, 'tree');
      if (sha === undefined) throw notFound();
      const api = apiUrl(ghes, `/repos/${fullName(ghes, repository)}/git`);
      // Any value enables it, including "0" and "false".
      const { treeEntryLimit: limit } = ghes.settings;
      const entries = await listTree(git, sha, query.recursive !== undefined);
      return {
        sha,
        url: `${api}/trees/${sha}`,
        tree: entries.slice(0, limit).map((entry) => entryJson(api, entry)),
        truncated: entries.length > limit,
      };
    },
  );

  app.get<{ Params: ObjectParams }>('/repos/:owner/:repo/git/blobs/:sha', async ({ actor, params }) => {
    const repository = requireRepository(ghes, actor, params, 'contents', 'read');
    const git = gitOf(ghes, repository);
    if ((await git.typeOf(params.sha)) !== 'blob') throw notFound();
    const content = await readBlob(git, params.sha);
    return {
      sha: params.sha,
      node_id: nodeId('Blob', `${repository.id}:${params.sha}`),
      size: content.length,
      url: apiUrl(ghes, `/repos/${fullName(ghes, repository)}/git/blobs/${params.sha}`),
      // GitHub wraps base64 after 60 characters.
      content: content.toString('base64').replace(/.{1,60}/g, '$&\n'),
      encoding: 'base64',
    };
  });
}

export async function refJson(ghes: Ghes, repository: Repository, { name, sha }: Ref) {
  const type = (await gitOf(ghes, repository).typeOf(sha)) ?? 'commit';
  const api = apiUrl(ghes, `/repos/${fullName(ghes, repository)}/git`);
  return {
    ref: name,
    node_id: nodeId('Ref', `${repository.id}:${name}`),
    url: `${api}/${name}`,
    object: { sha, type, url: `${api}/${type}s/${sha}` },
  };
}

export function entryJson(api: string, { path, mode, type, sha, size }: TreeEntry) {
  const url = type === 'commit' ? {} : { url: `${api}/${type}s/${sha}` };
  return { path, mode, type, sha, ...(size === undefined ? {} : { size }), ...url };
}
