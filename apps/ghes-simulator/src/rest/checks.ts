import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requireRepository } from '../access/authorize.js';
import { createCheckRun, updateCheckRun } from '../checks/checks.js';
import type { Ghes } from '../ghes.js';
import { checkRunJson, checkSuiteJson } from '../representations/check.js';
import { gitOf } from '../repositories/repositories.js';
import type { CheckRun } from '../state/model.js';
import { ApiError, notFound } from './api.error.js';
import { idOf, pageOf, parseBody, type RepositoryParams } from './requests.js';

interface CheckRoute {
  readonly Params: RepositoryParams & { id: string };
}

const line = z.int().min(1);

/** https://docs.github.com/enterprise-server/rest/checks/runs#create-a-check-run */
const annotation = z
  .object({
    path: z.string().min(1),
    ...{ start_line: line, end_line: line, start_column: line.optional(), end_column: line.optional() },
    annotation_level: z.enum(['notice', 'warning', 'failure']),
    message: z.string().min(1).max(65_536),
    title: z.string().max(255).optional(),
  })
  .refine(
    ({ start_line: start, end_line: end, start_column: column }) => column === undefined || start === end,
    'start_column is allowed on one line only',
  );

const checkRunChange = z
  .object({
    details_url: z.url().optional(),
    status: z.enum(['queued', 'in_progress', 'completed']).default('queued'),
    conclusion: z
      .enum(['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required'])
      .optional(),
    output: z
      .object({
        title: z.string().min(1),
        summary: z.string().max(65_535),
        annotations: z.array(annotation).max(50, 'exceeds a maximum quantity of 50').default([]),
      })
      .optional(),
  })
  .refine(({ status, conclusion }) => status !== 'completed' || conclusion !== undefined, 'conclusion is missing');

const newCheckRun = checkRunChange.and(z.object({ name: z.string().min(1), head_sha: z.string() }));

/** Checks by id; those of a commit are in commits.ts. https://docs.github.com/enterprise-server/rest/checks */
export function checksApi(app: FastifyInstance, ghes: Ghes): void {
  const { state } = ghes.store;

  const findRun = ({ actor, params }: FastifyRequest<CheckRoute>, level: 'read' | 'write') => {
    const repository = requireRepository(ghes, actor, params, 'checks', level);
    const run = state.checkRuns.find((item) => item.id === idOf(params.id) && item.repositoryId === repository.id);
    if (!run) throw notFound();
    return { repository, run };
  };

  app.get<CheckRoute>('/repos/:owner/:repo/check-runs/:id', (request) => {
    const { repository, run } = findRun(request, 'read');
    return checkRunJson(ghes, repository, run);
  });

  app.get<CheckRoute>('/repos/:owner/:repo/check-runs/:id/annotations', (request, reply) =>
    pageOf(ghes, request, reply, findRun(request, 'read').run.annotations),
  );

  app.post<{ Params: RepositoryParams }>('/repos/:owner/:repo/check-runs', async (request, reply) => {
    const repository = requireRepository(ghes, request.actor, request.params, 'checks', 'write');
    const appId = appOf(request);
    const { name, head_sha: sha, ...wanted } = parseBody(newCheckRun, request, 'CheckRun');
    const headSha = await gitOf(ghes, repository).resolve(sha);
    if (headSha === undefined) throw new ApiError(422, `No commit found for SHA: ${sha}`);
    const run = createCheckRun(ghes, repository, {
      ...{ name, headSha, headBranch: null, appId, title: null, summary: null, detailsUrl: null },
      ...changeOf(wanted),
    });
    return reply.code(201).send(checkRunJson(ghes, repository, run));
  });

  app.patch<CheckRoute>('/repos/:owner/:repo/check-runs/:id', (request) => {
    const { repository, run } = findRun(request, 'write');
    if (run.appId !== appOf(request)) throw notFound();
    updateCheckRun(ghes, run, changeOf(parseBody(checkRunChange, request, 'CheckRun')));
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

/** Only apps have check runs. */
function appOf({ actor }: FastifyRequest): number {
  if (actor.kind !== 'installation') throw new ApiError(403, 'You must authenticate via a GitHub App.');
  return actor.app.id;
}

function changeOf({ status, conclusion, output, details_url: detailsUrl }: z.output<typeof checkRunChange>) {
  return {
    status,
    conclusion: status === 'completed' ? (conclusion ?? null) : null,
    ...(detailsUrl !== undefined && { detailsUrl }),
    ...(output && { title: output.title, summary: output.summary }),
    annotations: output?.annotations ?? [],
  } satisfies Partial<CheckRun>;
}
