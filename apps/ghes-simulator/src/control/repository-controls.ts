import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { createCheckRun } from '../checks/checks.js';
import type { Ghes } from '../ghes.js';
import { createReview } from '../pulls/reviews.js';
import { checkRunJson } from '../representations/check.js';
import { repositoryJson } from '../representations/repository.js';
import { reviewJson } from '../representations/review.js';
import { forkRepository } from '../repositories/forks.js';
import { gitOf } from '../repositories/repositories.js';
import { ApiError, notFound } from '../rest/api.error.js';
import { findAccount, findApp, findPullRequest, findRepository } from '../state/lookup.js';
import { read, repositoryNamed } from './requests.js';

const fork = z.object({ repository: z.string(), owner: z.string() });
const checkRun = z.object({
  repository: z.string(),
  app: z.string(),
  ref: z.string(),
  name: z.string(),
  status: z.enum(['queued', 'in_progress', 'completed']).default('completed'),
  conclusion: z
    .enum(['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required'])
    .default('success'),
  title: z.string().nullable().default(null),
  summary: z.string().nullable().default(null),
  detailsUrl: z.string().nullable().default(null),
});
const protection = z.object({
  repository: z.string(),
  branch: z.string(),
  requiredContexts: z.array(z.string()).default([]),
  strict: z.boolean().default(false),
  requiredApprovals: z.int().min(0).max(6).default(0),
  enforceAdmins: z.boolean().default(false),
});
const review = z.object({
  comments: z.array(z.object({ path: z.string(), line: z.int(), body: z.string() })).optional(),
  repository: z.string(),
  number: z.int(),
  login: z.string(),
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']),
  body: z.string().default(''),
});

/** Actions of other users and apps on repositories. */
export function repositoryControls(app: FastifyInstance, ghes: Ghes): void {
  app.post('/forks', async (request, reply) => {
    const wanted = read(fork, request);
    const parent = repositoryNamed(ghes, wanted.repository);
    const owner = findAccount(ghes.store, wanted.owner);
    if (!owner) throw notFound();
    if (findRepository(ghes.store, owner.login, parent.name)) throw new ApiError(422, 'name already exists');
    return reply.code(201).send(repositoryJson(ghes, await forkRepository(ghes, parent, owner)));
  });

  app.post('/check-runs', async (request, reply) => {
    const { repository: name, app: slug, ref, ...rest } = read(checkRun, request);
    const repository = repositoryNamed(ghes, name);
    const owner = findApp(ghes.store, slug);
    const git = gitOf(ghes, repository);
    const headSha = await git.resolve(ref);
    if (!owner || headSha === undefined) throw notFound();
    const headBranch = (await git.refs('refs/heads')).some((item) => item.name === `refs/heads/${ref}`) ? ref : null;
    const conclusion = rest.status === 'completed' ? rest.conclusion : null;
    const run = createCheckRun(ghes, repository, {
      ...rest,
      ...{ conclusion, appId: owner.id, headSha, headBranch, annotations: [] },
    });
    return reply.code(201).send(checkRunJson(ghes, repository, run));
  });

  /** Protects a branch, also without any requirement. */
  app.put('/protections', (request) => {
    const { repository: name, ...rest } = read(protection, request);
    const rule = { ...rest, repositoryId: repositoryNamed(ghes, name).id };
    ghes.store.change((state) => (state.protections = [...others(ghes, rule), rule]));
    return rule;
  });

  app.delete('/protections', (request, reply) => {
    const { repository: name, branch } = read(z.object({ repository: z.string(), branch: z.string() }), request);
    const rule = { repositoryId: repositoryNamed(ghes, name).id, branch };
    ghes.store.change((state) => (state.protections = others(ghes, rule)));
    return reply.code(204).send();
  });

  app.post('/reviews', (request, reply) => {
    const wanted = read(review, request);
    const pull = findPullRequest(ghes.store, repositoryNamed(ghes, wanted.repository), wanted.number);
    const user = findAccount(ghes.store, wanted.login);
    if (!pull || user?.type !== 'User') throw notFound();
    return reply.code(201).send(reviewJson(ghes, pull, createReview(ghes, pull, user, wanted)));
  });
}

function others(ghes: Ghes, { repositoryId, branch }: { repositoryId: number; branch: string }) {
  return ghes.store.state.protections.filter((item) => item.repositoryId !== repositoryId || item.branch !== branch);
}
