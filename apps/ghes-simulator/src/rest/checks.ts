import type { FastifyInstance } from 'fastify';
import { requireRepository } from '../access/authorize.js';
import type { Ghes } from '../ghes.js';
import { checkRunJson, checkSuiteJson } from '../representations/check.js';
import { notFound } from './api.error.js';
import { idOf, pageOf, type RepositoryParams } from './requests.js';

interface CheckRoute {
  readonly Params: RepositoryParams & { id: string };
}

/** Checks by id; those of a commit are in commits.ts. https://docs.github.com/enterprise-server/rest/checks */
export function checksApi(app: FastifyInstance, ghes: Ghes): void {
  const { state } = ghes.store;

  app.get<CheckRoute>('/repos/:owner/:repo/check-runs/:id', ({ actor, params }) => {
    const repository = requireRepository(ghes, actor, params, 'checks', 'read');
    const run = state.checkRuns.find((item) => item.id === idOf(params.id) && item.repositoryId === repository.id);
    if (!run) throw notFound();
    return checkRunJson(ghes, repository, run);
  });

  app.get<CheckRoute>('/repos/:owner/:repo/check-suites/:id', ({ actor, params }) => {
    const repository = requireRepository(ghes, actor, params, 'checks', 'read');
    const suite = state.checkSuites.find((item) => item.id === idOf(params.id) && item.repositoryId === repository.id);
    if (!suite) throw notFound();
    return checkSuiteJson(ghes, repository, suite);
  });

  app.get<CheckRoute>('/repos/:owner/:repo/check-suites/:id/check-runs', (request, reply) => {
    const repository = requireRepository(ghes, request.actor, request.params, 'checks', 'read');
    const runs = state.checkRuns.filter((item) => item.suiteId === idOf(request.params.id));
    const page = pageOf(ghes, request, reply, runs).map((run) => checkRunJson(ghes, repository, run));
    return { total_count: runs.length, check_runs: page };
  });
}
