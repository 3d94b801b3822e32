import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requireRepository } from '../access/authorize.js';
import { readCommits } from '../git/commit-object.js';
import { diffFiles } from '../git/diff-files.js';
import { commitsBetween, mergeBase } from '../git/history.js';
import type { Ghes } from '../ghes.js';
import { removeReviewers, requestReviewers } from '../pulls/requested-reviewers.js';
import { createReview, reviewCommentsOf, reviewsOf } from '../pulls/reviews.js';
import { updateBranch } from '../pulls/updating.js';
import { commitJson } from '../representations/commit.js';
import { fileDiffJson } from '../representations/file-diff.js';
import { pullRequestSimple } from '../representations/pull-request.js';
import { reviewCommentJson, reviewJson } from '../representations/review.js';
import { htmlUrl, fullName } from '../representations/urls.js';
import { gitOf } from '../repositories/repositories.js';
import { findPullRequest } from '../state/lookup.js';
import type { PermissionLevel } from '../state/model.js';
import { notFound } from './api.error.js';
import { actingUser } from './pulls.js';
import { idOf, pageOf, parseBody, type RepositoryParams } from './requests.js';

const MOST_FILES = 3000;
const MOST_COMMITS = 250;

interface PullRoute {
  readonly Params: RepositoryParams & { number: string };
}

const newReview = z.object({
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']).default('COMMENT'),
  body: z.string().default(''),
  commit_id: z.string().optional(),
  comments: z.array(z.object({ path: z.string(), line: z.int(), body: z.string() })).optional(),
});

const newReviewers = z.object({
  reviewers: z.array(z.string()).default([]),
  team_reviewers: z.array(z.string()).default([]),
});

/** Files, commits, reviews and updates of a pull request. https://docs.github.com/enterprise-server/rest/pulls */
export function pullDetailsApi(app: FastifyInstance, ghes: Ghes): void {
  const find = ({ actor, params }: FastifyRequest<PullRoute>, level: PermissionLevel = 'read') => {
    const repository = requireRepository(ghes, actor, params, 'pull_requests', level);
    const pull = findPullRequest(ghes.store, repository, idOf(params.number));
    if (!pull) throw notFound();
    return { repository, pull, git: gitOf(ghes, repository) };
  };

  app.get<PullRoute>('/repos/:owner/:repo/pulls/:number/files', async (request, reply) => {
    const { repository, pull, git } = find(request);
    const from = (await mergeBase(git, pull.baseSha, pull.headSha)) ?? pull.baseSha;
    const files = await diffFiles(git, from, pull.headSha, MOST_FILES);
    return pageOf(ghes, request, reply, files).map((file) => fileDiffJson(ghes, repository, pull.headSha, file));
  });

  app.get<PullRoute>('/repos/:owner/:repo/pulls/:number/commits', async (request, reply) => {
    const { repository, pull, git } = find(request);
    const shas = await commitsBetween(git, pull.headSha, [pull.baseSha], MOST_COMMITS);
    const commits = await readCommits(git, pageOf(ghes, request, reply, shas));
    return commits.map((commit) => commitJson(ghes, repository, commit));
  });

  app.get<PullRoute>('/repos/:owner/:repo/pulls/:number/reviews', (request, reply) => {
    const { pull } = find(request);
    return pageOf(ghes, request, reply, reviewsOf(ghes, pull)).map((review) => reviewJson(ghes, pull, review));
  });

  app.post<PullRoute>('/repos/:owner/:repo/pulls/:number/reviews', (request) => {
    const { pull } = find(request, 'write');
    const { commit_id: commitId, ...rest } = parseBody(newReview, request, 'PullRequestReview');
    return reviewJson(ghes, pull, createReview(ghes, pull, actingUser(request.actor), { ...rest, commitId }));
  });

  app.get<PullRoute>('/repos/:owner/:repo/pulls/:number/comments', (request, reply) => {
    const { pull } = find(request);
    const comments = pageOf(ghes, request, reply, reviewCommentsOf(ghes, pull));
    return comments.map((comment) => reviewCommentJson(ghes, pull, comment));
  });

  app.post<PullRoute>('/repos/:owner/:repo/pulls/:number/requested_reviewers', async (request, reply) => {
    const { pull } = find(request, 'write');
    const { reviewers, team_reviewers: teams } = parseBody(newReviewers, request, 'PullRequest');
    await requestReviewers(ghes, pull, actingUser(request.actor), reviewers, teams);
    void reply.code(201);
    return pullRequestSimple(ghes, pull);
  });

  app.delete<PullRoute>('/repos/:owner/:repo/pulls/:number/requested_reviewers', async (request) => {
    const { pull } = find(request, 'write');
    const { reviewers } = parseBody(newReviewers, request, 'PullRequest');
    await removeReviewers(ghes, pull, actingUser(request.actor), reviewers);
    return pullRequestSimple(ghes, pull);
  });

  app.put<PullRoute>('/repos/:owner/:repo/pulls/:number/update-branch', async (request, reply) => {
    const { repository, pull } = find(request, 'write');
    const schema = z.object({ expected_head_sha: z.string().optional() });
    const { expected_head_sha: expected } = parseBody(schema, request, 'PullRequest');
    await updateBranch(ghes, pull, actingUser(request.actor), expected);
    const url = htmlUrl(ghes, `/repos/${fullName(ghes, repository)}/pulls/${pull.number}`);
    return reply.code(202).send({ message: 'Updating pull request branch.', url });
  });
}
