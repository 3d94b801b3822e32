import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requireRepository } from '../access/authorize.js';
import type { Ghes } from '../ghes.js';
import { commentsOf, createComment, deleteComment, editComment, findComment } from '../pulls/issue-comments.js';
import { issueCommentJson } from '../representations/issue-comment.js';
import { findPullRequest } from '../state/lookup.js';
import type { PermissionLevel } from '../state/model.js';
import { notFound } from './api.error.js';
import { idOf, pageOf, parseBody, type RepositoryParams } from './requests.js';

interface IssueRoute {
  readonly Params: RepositoryParams & { number: string };
  readonly Querystring: { readonly since?: string };
}

interface CommentRoute {
  readonly Params: RepositoryParams & { id: string };
}

/** https://docs.github.com/enterprise-server/rest/issues/comments#create-an-issue-comment, and the known limit. */
const commentBody = z.object({
  body: z
    .string()
    .refine((body) => body.trim() !== '', 'body cannot be blank')
    .max(65_536, 'body is too long (maximum is 65536 characters)'),
});

/**
 * Comments on the conversations of pull requests; there are no other issues here.
 * https://docs.github.com/enterprise-server/rest/issues/comments
 */
export function issueCommentsApi(app: FastifyInstance, ghes: Ghes): void {
  const findPull = ({ actor, params }: FastifyRequest<IssueRoute>, level: PermissionLevel) => {
    const repository = requireRepository(ghes, actor, params, 'pull_requests', level);
    const pull = findPullRequest(ghes.store, repository, idOf(params.number));
    if (!pull) throw notFound();
    return pull;
  };
  const find = ({ actor, params }: FastifyRequest<CommentRoute>, level: PermissionLevel) => {
    const repository = requireRepository(ghes, actor, params, 'pull_requests', level);
    const existing = findComment(ghes, repository, idOf(params.id));
    if (!existing) throw notFound();
    return existing;
  };

  app.post<IssueRoute>('/repos/:owner/:repo/issues/:number/comments', (request, reply) => {
    const pull = findPull(request, 'write');
    const { body } = parseBody(commentBody, request, 'IssueComment');
    void reply.code(201);
    return issueCommentJson(ghes, pull, createComment(ghes, pull, request.actor, body));
  });

  app.get<IssueRoute>('/repos/:owner/:repo/issues/:number/comments', (request, reply) => {
    const pull = findPull(request, 'read');
    const since = Date.parse(request.query.since ?? '1970-01-01T00:00:00Z');
    const comments = commentsOf(ghes, pull).filter(({ updatedAt }) => Date.parse(updatedAt) >= since);
    return pageOf(ghes, request, reply, comments).map((comment) => issueCommentJson(ghes, pull, comment));
  });

  app.get<CommentRoute>('/repos/:owner/:repo/issues/comments/:id', (request) => {
    const { comment, pull } = find(request, 'read');
    return issueCommentJson(ghes, pull, comment);
  });

  app.patch<CommentRoute>('/repos/:owner/:repo/issues/comments/:id', (request) => {
    const { comment, pull } = find(request, 'write');
    editComment(ghes, comment, parseBody(commentBody, request, 'IssueComment').body);
    return issueCommentJson(ghes, pull, comment);
  });

  app.delete<CommentRoute>('/repos/:owner/:repo/issues/comments/:id', (request, reply) => {
    deleteComment(ghes, find(request, 'write').comment);
    return reply.code(204).send();
  });
}
