import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requireRepository } from '../access/authorize.js';
import type { BareRepository } from '../git/bare-repository.js';
import { readCommit } from '../git/commit-object.js';
import { GitError } from '../git/git.error.js';
import { isAncestor } from '../git/history.js';
import { isRefName } from '../git/names.js';
import { writeBlob, writeCommit, writeTree } from '../git/tree-writer.js';
import { listTree } from '../git/trees.js';
import type { Ghes } from '../ghes.js';
import { rejectDirectChange } from '../protection/protection.js';
import { gitCommitJson } from '../representations/commit.js';
import { apiUrl, fullName } from '../representations/urls.js';
import { changingRefs } from '../repositories/ref-changes.js';
import { emailOf, gitOf } from '../repositories/repositories.js';
import { ApiError } from './api.error.js';
import { entryJson, refJson } from './git-database.js';
import { actingUser } from './pulls.js';
import { parseBody, type RepositoryParams } from './requests.js';

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const newBlob = z.object({ content: z.string(), encoding: z.enum(['utf-8', 'base64']).default('utf-8') });
const identity = z.object({
  name: z.string().min(1),
  email: z.string().min(1),
  date: z.iso.datetime({ offset: true }).optional(),
});
const newCommit = z.object({
  message: z.string(),
  tree: sha,
  parents: z.array(sha).default([]),
  author: identity.optional(),
  committer: identity.optional(),
});
const newTree = z.object({
  base_tree: z.string().optional(),
  tree: z
    .array(
      z.object({
        path: z.string().min(1),
        mode: z.enum(['100644', '100755', '040000', '160000', '120000']),
        type: z.enum(['blob', 'tree', 'commit']).optional(),
        sha: sha.nullish(),
        content: z.string().optional(),
      }),
    )
    .min(1),
});

type RepositoryRequest = FastifyRequest<{ Params: RepositoryParams }>;
type RefRequest = FastifyRequest<{ Params: RepositoryParams & { '*': string } }>;

/** Creates blobs, trees, commits and refs. https://docs.github.com/enterprise-server/rest/git */
export function gitWritingApi(app: FastifyInstance, ghes: Ghes): void {
  const writable = ({ actor, params }: RepositoryRequest) =>
    requireRepository(ghes, actor, params, 'contents', 'write');

  app.post<{ Params: RepositoryParams }>('/repos/:owner/:repo/git/blobs', async (request, reply) => {
    const repository = writable(request);
    const { content, encoding } = parseBody(newBlob, request, 'Blob');
    const made = await writeBlob(gitOf(ghes, repository), Buffer.from(content, encoding));
    void reply.code(201);
    return { sha: made, url: apiUrl(ghes, `/repos/${fullName(ghes, repository)}/git/blobs/${made}`) };
  });

  app.post<{ Params: RepositoryParams }>('/repos/:owner/:repo/git/trees', async (request, reply) => {
    const repository = writable(request);
    const git = gitOf(ghes, repository);
    const made = await createTree(git, parseBody(newTree, request, 'Tree'));
    const api = apiUrl(ghes, `/repos/${fullName(ghes, repository)}/git`);
    void reply.code(201);
    const entries = await listTree(git, made);
    return {
      sha: made,
      url: `${api}/trees/${made}`,
      tree: entries.map((item) => entryJson(api, item)),
      truncated: false,
    };
  });

  app.post<{ Params: RepositoryParams }>('/repos/:owner/:repo/git/commits', async (request, reply) => {
    const repository = writable(request);
    const git = gitOf(ghes, repository);
    const wanted = parseBody(newCommit, request, 'Commit');
    if ((await git.typeOf(wanted.tree)) !== 'tree') throw new ApiError(422, 'Tree SHA does not exist');
    for (const parent of wanted.parents) {
      if ((await git.typeOf(parent)) !== 'commit')
        throw new ApiError(422, 'Parent SHA does not exist or is not a commit object');
    }
    const user = actingUser(request.actor);
    const now = ghes.clock.timestamp();
    const author = { name: user.name, email: emailOf(ghes, user), date: now, ...wanted.author };
    const committer = { ...author, ...wanted.committer };
    const dated = {
      author: { ...author, date: author.date ?? now },
      committer: { ...committer, date: committer.date ?? now },
    };
    const made = await writeCommit(git, { ...wanted, ...dated });
    void reply.code(201);
    return gitCommitJson(ghes, repository, await readCommit(git, made));
  });

  refRoutes(app, ghes, writable);
}

async function createTree(git: BareRepository, wanted: z.infer<typeof newTree>): Promise<string> {
  const base = wanted.base_tree === undefined ? undefined : await git.resolve(wanted.base_tree, 'tree');
  if (wanted.base_tree !== undefined && base === undefined)
    throw new ApiError(422, 'base_tree is not a valid tree oid');
  const changes = await Promise.all(
    wanted.tree.map(async ({ path, mode, sha: given, content }) => {
      const object = content === undefined ? (given ?? null) : await writeBlob(git, Buffer.from(content));
      if (object !== null && mode !== '160000' && (await git.typeOf(object)) === undefined) {
        throw new ApiError(422, `tree.sha ${object} is not a valid blob`);
      }
      return { path, mode, sha: object };
    }),
  );
  try {
    return await writeTree(git, base, changes);
  } catch (error) {
    if (error instanceof GitError) throw new ApiError(422, 'tree.path contains a malformed path component');
    throw error;
  }
}

function refRoutes(
  app: FastifyInstance,
  ghes: Ghes,
  writable: (request: RepositoryRequest) => ReturnType<typeof requireRepository>,
): void {
  app.post<{ Params: RepositoryParams }>('/repos/:owner/:repo/git/refs', async (request, reply) => {
    const repository = writable(request);
    const { ref, sha: to } = parseBody(z.object({ ref: z.string(), sha }), request, 'Reference');
    if (!/^refs\/[^/]+\/./.test(ref) || !isRefName(ref)) {
      throw new ApiError(422, `${ref} is not a valid ref name.`);
    }
    await changingRefs(ghes, repository, actingUser(request.actor), async (git) => {
      if (await git.refAt(ref)) throw new ApiError(422, 'Reference already exists');
      if ((await git.typeOf(to)) === undefined) throw new ApiError(422, 'Object does not exist');
      await git.updateRefs([{ name: ref, to }]);
    });
    void reply.code(201);
    return refJson(ghes, repository, { name: ref, sha: to });
  });

  app.patch('/repos/:owner/:repo/git/refs/*', async (request: RefRequest) => {
    const repository = writable(request);
    const name = `refs/${request.params['*']}`;
    const { sha: to, force } = parseBody(z.object({ sha, force: z.boolean().default(false) }), request, 'Reference');
    await changingRefs(ghes, repository, actingUser(request.actor), async (git) => {
      const from = await git.refAt(name);
      if (!from) throw new ApiError(422, 'Reference does not exist');
      if ((await git.typeOf(to)) === undefined) throw new ApiError(422, 'Object does not exist');
      if (!force && !(await isAncestor(git, from, to))) throw new ApiError(422, 'Update is not a fast forward');
      rejectDirectChange(ghes, repository, name);
      await git.updateRefs([{ name, to, from }]);
    });
    return refJson(ghes, repository, { name, sha: to });
  });

  app.delete('/repos/:owner/:repo/git/refs/*', async (request: RefRequest, reply) => {
    const repository = writable(request);
    const name = `refs/${request.params['*']}`;
    await changingRefs(ghes, repository, actingUser(request.actor), async (git) => {
      const from = await git.refAt(name);
      if (!from) throw new ApiError(422, 'Reference does not exist');
      rejectDirectChange(ghes, repository, name, true);
      await git.updateRefs([{ name, to: undefined, from }]);
    });
    return reply.code(204).send();
  });
}
