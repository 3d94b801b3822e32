import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requireRepository } from '../access/authorize.js';
import { runsOf, suitesOf } from '../checks/checks.js';
import { readCommit, readCommits } from '../git/commit-object.js';
import { diffFiles, emptyTree } from '../git/diff-files.js';
import { commitsBetween, commitsOfPath } from '../git/history.js';
import type { Ghes } from '../ghes.js';
import { checkRunJson, checkSuiteJson } from '../representations/check.js';
import { commitJson } from '../representations/commit.js';
import { fileDiffJson } from '../representations/file-diff.js';
import { pullRequestSimple } from '../representations/pull-request.js';
import { repositoryJson } from '../representations/repository.js';
import { apiUrl, fullName } from '../representations/urls.js';
import { gitOf } from '../repositories/repositories.js';
import type { Repository } from '../state/model.js';
import {
  combinedState,
  createStatus,
  latestStatuses,
  simpleStatus,
  statusesOf,
  statusJson,
} from '../statuses/statuses.js';
import { ApiError } from './api.error.js';
import { actingUser } from './pulls.js';
import { pageOf, parseBody, type RepositoryParams } from './requests.js';

const newStatus = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  context: z.string().min(1).max(255).default('default'),
  description: z.string().max(140, 'description is too long (maximum is 140 characters)').nullish(),
  target_url: z
    .url({ protocol: /^https?$/, error: 'Target URL must use http(s) scheme' })
    .nullish()
    .or(z.literal('')),
});

const MOST_FILES = 300;

type CommitRequest = FastifyRequest<{ Params: RepositoryParams & { '*': string } }>;

/** https://docs.github.com/enterprise-server/rest/commits */
export function commitsApi(app: FastifyInstance, ghes: Ghes): void {
  app.post<{ Params: RepositoryParams & { sha: string } }>(
    '/repos/:owner/:repo/statuses/:sha',
    async (request, reply) => {
      const repository = requireRepository(ghes, request.actor, request.params, 'statuses', 'write');
      const { sha } = request.params;
      const wanted = parseBody(newStatus, request, 'Status');
      if ((await gitOf(ghes, repository).typeOf(sha)) !== 'commit') {
        throw new ApiError(422, `No commit found for SHA: ${sha}`);
      }
      const status = createStatus(ghes, repository, sha, actingUser(request.actor), {
        state: wanted.state,
        context: wanted.context,
        description: wanted.description ?? null,
        targetUrl: wanted.target_url === '' ? null : (wanted.target_url ?? null),
      });
      void reply.code(201);
      return statusJson(ghes, repository, status);
    },
  );

  app.get<{ Params: RepositoryParams; Querystring: { sha?: string; path?: string } }>(
    '/repos/:owner/:repo/commits',
    async (request, reply) => {
      const repository = requireRepository(ghes, request.actor, request.params, 'contents', 'read');
      const git = gitOf(ghes, repository);
      const name = request.query.sha ?? repository.defaultBranch;
      const head = await git.resolve(name);
      if (head === undefined && repository.pushedAt === null) throw new ApiError(409, 'Git Repository is empty.');
      if (head === undefined) throw new ApiError(404, 'Not Found');
      const shas = await commitsOfPath(git, head, request.query.path ?? '', 10_000);
      const commits = await readCommits(git, pageOf(ghes, request, reply, shas));
      return commits.map((commit) => commitJson(ghes, repository, commit));
    },
  );

  // One route for everything below a commit, because refs may contain slashes: `commits/heads/docs/new/status`.
  app.get<{ Params: RepositoryParams & { '*': string } }>('/repos/:owner/:repo/commits/*', (request, reply) => {
    const [, ref = '', kind] =
      /^(.*?)(?:\/(status|statuses|pulls|check-runs|check-suites))?$/.exec(request.params['*']) ?? [];
    switch (kind) {
      case 'status':
        return combinedStatus(ghes, request, reply, ref);
      case 'statuses':
        return statusList(ghes, request, reply, ref);
      case 'check-runs':
        return checkRuns(ghes, request, reply, ref);
      case 'check-suites':
        return checkSuites(ghes, request, reply, ref);
      case 'pulls':
        return pullsWithCommit(ghes, request, reply, ref);
      default:
        return singleCommit(ghes, request, ref);
    }
  });
}

async function resolve(ghes: Ghes, repository: Repository, ref: string): Promise<string> {
  const sha = await gitOf(ghes, repository).resolve(ref);
  if (sha === undefined) throw new ApiError(422, `No commit found for SHA: ${ref}`);
  return sha;
}

async function singleCommit(ghes: Ghes, { actor, params }: CommitRequest, ref: string) {
  const repository = requireRepository(ghes, actor, params, 'contents', 'read');
  const sha = await resolve(ghes, repository, ref);
  const git = gitOf(ghes, repository);
  const commit = await readCommit(git, sha);
  const files = await diffFiles(git, commit.parents[0] ?? (await emptyTree(git)), sha, MOST_FILES);
  const sum = (key: 'additions' | 'deletions') => files.reduce((total, file) => total + file[key], 0);
  const [additions, deletions] = [sum('additions'), sum('deletions')];
  return {
    ...commitJson(ghes, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => fileDiffJson(ghes, repository, sha, file)),
  };
}

async function checkRuns(ghes: Ghes, request: CommitRequest, reply: FastifyReply, ref: string) {
  const repository = requireRepository(ghes, request.actor, request.params, 'checks', 'read');
  const { filter, check_name: name, status } = request.query as Record<string, string | undefined>;
  const runs = runsOf(ghes, repository, await resolve(ghes, repository, ref), filter === 'all')
    .filter((run) => name === undefined || run.name === name)
    .filter((run) => status === undefined || run.status === status);
  const page = pageOf(ghes, request, reply, runs).map((run) => checkRunJson(ghes, repository, run));
  return { total_count: runs.length, check_runs: page };
}

async function checkSuites(ghes: Ghes, request: CommitRequest, reply: FastifyReply, ref: string) {
  const repository = requireRepository(ghes, request.actor, request.params, 'checks', 'read');
  const suites = suitesOf(ghes, repository, await resolve(ghes, repository, ref));
  const page = pageOf(ghes, request, reply, suites).map((suite) => checkSuiteJson(ghes, repository, suite));
  return { total_count: suites.length, check_suites: await Promise.all(page) };
}

async function statusList(ghes: Ghes, request: CommitRequest, reply: FastifyReply, ref: string) {
  const repository = requireRepository(ghes, request.actor, request.params, 'statuses', 'read');
  const statuses = statusesOf(ghes, repository, await resolve(ghes, repository, ref));
  return pageOf(ghes, request, reply, statuses).map((status) => statusJson(ghes, repository, status));
}

async function combinedStatus(ghes: Ghes, request: CommitRequest, reply: FastifyReply, ref: string) {
  const repository = requireRepository(ghes, request.actor, request.params, 'statuses', 'read');
  const sha = await resolve(ghes, repository, ref);
  const latest = latestStatuses(ghes, repository, sha);
  const commitUrl = apiUrl(ghes, `/repos/${fullName(ghes, repository)}/commits/${sha}`);
  return {
    state: combinedState(latest),
    statuses: pageOf(ghes, request, reply, latest).map((status) => simpleStatus(ghes, repository, status)),
    sha,
    total_count: latest.length,
    repository: repositoryJson(ghes, repository),
    commit_url: commitUrl,
    url: `${commitUrl}/status`,
  };
}

async function pullsWithCommit(ghes: Ghes, request: CommitRequest, reply: FastifyReply, ref: string) {
  const repository = requireRepository(ghes, request.actor, request.params, 'pull_requests', 'read');
  const git = gitOf(ghes, repository);
  const sha = await resolve(ghes, repository, ref);
  const pulls = ghes.store.state.pullRequests.filter((pull) => pull.repositoryId === repository.id);
  const holding = await Promise.all(
    pulls.map(async (pull) => {
      const commits = await commitsBetween(git, pull.headSha, [pull.baseSha]);
      return pull.mergeCommitSha === sha || commits.includes(sha);
    }),
  );
  const containing = pulls.filter((_pull, index) => holding[index]);
  return pageOf(ghes, request, reply, containing).map((pull) => pullRequestSimple(ghes, pull));
}
