import { z } from 'zod';
import {
  mergeMethods,
  mergeReadinessSchema,
  pullRequestCommentSchema,
  pullRequestCheckSchema,
  pullRequestCommitSchema,
  pullRequestFileSchema,
  pullRequestReviewSchema,
  requestedReviewersSchema,
} from '../http/pull-requests.js';
import { actorSchema } from './actor.js';
import { defineJob } from './define-job.js';

const v1 = { v: z.literal(1).default(1) };

const pull = { repositoryId: z.string(), number: z.int().positive() };

/**
 * Payload of an interactive job that changes the server. After `deadline` the caller has left, so the job does nothing.
 */
const interactive = { ...v1, actor: actorSchema, deadline: z.iso.datetime() };

const once = { attempts: 1, backoffMs: 0 };

const keyOf = (what: string) => (payload: { repositoryId: string; number: number }) =>
  `${what}.${payload.repositoryId}.${payload.number}`;

/** Jobs about pull requests. All except `mirrorPullRequest` are interactive: a caller waits for the result. */
export const pullRequestJobs = {
  /** Reads a pull request from the server and mirrors it. */
  mirrorPullRequest: defineJob({
    name: 'mirror-pull-request',
    queue: 'reconciliation',
    payload: z.object({ ...v1, ...pull }),
    result: z.null(),
    retry: { attempts: 5, backoffMs: 1_000 },
    key: keyOf('mirror'),
  }),
  readPullRequest: defineJob({
    name: 'read-pull-request',
    queue: 'repository-queries',
    payload: z.object({ ...v1, ...pull }),
    result: z.object({
      body: z.string(),
      headRepository: z.string().nullable(),
      baseCommit: z.string(),
      createdAt: z.string(),
      additions: z.number(),
      deletions: z.number(),
      changedFiles: z.number(),
      readiness: mergeReadinessSchema,
      // Workers of the previous release do not return it.
      requestedReviewers: requestedReviewersSchema.default({ users: [], teams: [] }),
      reviews: z.array(pullRequestReviewSchema),
      commits: z.array(pullRequestCommitSchema),
      checks: z.array(pullRequestCheckSchema),
    }),
    retry: once,
    key: keyOf('read'),
  }),
  listPullRequestFiles: defineJob({
    name: 'list-pull-request-files',
    queue: 'repository-queries',
    payload: z.object({
      ...{ ...v1, ...pull, page: z.int().min(1), limit: z.int().min(1).max(100) },
      /** Head of the pull request when its first page was listed. */
      head: z.string().optional(),
    }),
    result: z.object({
      files: z.array(pullRequestFileSchema.omit({ inProject: true })),
      more: z.boolean(),
      head: z.string(),
    }),
    retry: once,
    key: keyOf('files'),
  }),
  /** Stores the snapshots of a pull request's base and, unless it comes from a fork, of its head. */
  fetchPullRequestContent: defineJob({
    name: 'fetch-pull-request-content',
    queue: 'repository-queries',
    payload: z.object({ ...v1, ...pull }),
    result: z.object({
      before: z.object({ commit: z.string(), tree: z.string().nullable() }),
      after: z.object({ commit: z.string(), tree: z.string().nullable() }),
    }),
    retry: once,
    key: keyOf('content'),
  }),
  listPullRequestComments: defineJob({
    name: 'list-pull-request-comments',
    queue: 'repository-queries',
    payload: z.object({ ...v1, ...pull }),
    result: z.object({ items: z.array(pullRequestCommentSchema), truncated: z.boolean() }),
    retry: once,
    key: keyOf('comments'),
  }),
  createPullRequestComment: defineJob({
    name: 'create-pull-request-comment',
    queue: 'repository-changes',
    userAction: true,
    payload: z.object({ ...interactive, ...pull, body: z.string() }),
    result: pullRequestCommentSchema,
    retry: once,
    // Comments of one pull request are written one after the other; equal ones are not merged.
    key: ({ repositoryId, number, deadline, actor }) =>
      `comment.${repositoryId}.${number}.${encodeURIComponent(JSON.stringify([deadline, actor.subject]))}`,
  }),
  /** Makes these the requested reviewers of a pull request. */
  setRequestedReviewers: defineJob({
    name: 'set-requested-reviewers',
    queue: 'repository-changes',
    userAction: true,
    payload: z.object({ ...interactive, ...pull, users: z.array(z.string()), teams: z.array(z.string()) }),
    result: requestedReviewersSchema,
    retry: once,
    key: keyOf('reviewers'),
  }),
  createPullRequest: defineJob({
    name: 'create-pull-request',
    queue: 'repository-changes',
    userAction: true,
    payload: z.object({
      ...interactive,
      repositoryId: z.string(),
      title: z.string(),
      body: z.string(),
      headBranch: z.string(),
      baseBranch: z.string(),
      draft: z.boolean(),
    }),
    result: z.object({ number: z.number() }),
    retry: once,
    key: ({ repositoryId, headBranch, baseBranch }) => `create.${repositoryId}.${headBranch}.${baseBranch}`,
  }),
  updatePullRequest: defineJob({
    name: 'update-pull-request',
    queue: 'repository-changes',
    userAction: true,
    payload: z.object({
      ...interactive,
      ...pull,
      title: z.string().optional(),
      body: z.string().optional(),
      baseBranch: z.string().optional(),
      state: z.enum(['open', 'closed']).optional(),
      draft: z.boolean().optional(),
    }),
    result: z.null(),
    retry: once,
    key: keyOf('update'),
  }),
  mergePullRequest: defineJob({
    name: 'merge-pull-request',
    queue: 'repository-changes',
    userAction: true,
    payload: z.object({
      ...interactive,
      ...pull,
      method: z.enum(mergeMethods),
      headCommit: z.string(),
      title: z.string().optional(),
      message: z.string().optional(),
    }),
    result: z.object({ commit: z.string() }),
    retry: once,
    key: keyOf('merge'),
  }),
  updatePullRequestBranch: defineJob({
    name: 'update-pull-request-branch',
    queue: 'repository-changes',
    userAction: true,
    payload: z.object({ ...interactive, ...pull, headCommit: z.string() }),
    result: z.null(),
    retry: once,
    key: keyOf('update-branch'),
  }),
} as const;
