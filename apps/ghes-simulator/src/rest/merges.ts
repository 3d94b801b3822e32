import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { requireRepository } from '../access/authorize.js';
import { readCommit } from '../git/commit-object.js';
import { isAncestor } from '../git/history.js';
import { createMerge } from '../git/merge.js';
import type { Ghes } from '../ghes.js';
import { rejectDirectChange } from '../protection/protection.js';
import { commitJson } from '../representations/commit.js';
import { changingRefs } from '../repositories/ref-changes.js';
import { emailOf, gitOf } from '../repositories/repositories.js';
import { ApiError } from './api.error.js';
import { actingUser } from './pulls.js';
import { parseBody, type RepositoryParams } from './requests.js';

const mergeRequest = z.object({ base: z.string(), head: z.string(), commit_message: z.string().optional() });

/** https://docs.github.com/enterprise-server/rest/branches/branches#merge-a-branch */
export function mergesApi(app: FastifyInstance, ghes: Ghes): void {
  app.post<{ Params: RepositoryParams }>('/repos/:owner/:repo/merges', async (request, reply) => {
    const repository = requireRepository(ghes, request.actor, request.params, 'contents', 'write');
    const wanted = parseBody(mergeRequest, request, 'Merge');
    const user = actingUser(request.actor);
    const name = `refs/heads/${wanted.base.replace(/^refs\/heads\//, '')}`;
    const made = await changingRefs(ghes, repository, user, async (git) => {
      const base = await git.resolve(name);
      if (base === undefined) throw new ApiError(404, 'Base does not exist');
      const head = (await git.resolve(`heads/${wanted.head}`)) ?? (await git.resolve(wanted.head));
      if (head === undefined) throw new ApiError(404, 'Head does not exist');
      if (await isAncestor(git, head, base)) return undefined;
      rejectDirectChange(ghes, repository, name);
      const identity = { name: user.name, email: emailOf(ghes, user) };
      const merge = await createMerge(git, {
        ...{ base, head, method: 'merge', author: identity, committer: identity, date: ghes.clock.now() },
        message: wanted.commit_message ?? `Merge ${wanted.head} into ${wanted.base}`,
      });
      if (merge === undefined) throw new ApiError(409, 'Merge conflict');
      await git.updateRefs([{ name, to: merge, from: base }]);
      return merge;
    });
    if (made === undefined) return reply.code(204).send();
    void reply.code(201);
    return commitJson(ghes, repository, await readCommit(gitOf(ghes, repository), made));
  });
}
