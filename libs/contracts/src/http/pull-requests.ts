import { z } from 'zod';
import { existingBranch } from './commits.js';
import { commitStateValues, deploymentSchema } from './deployments.js';
import { line } from './line.js';
import { pageQuerySchema } from './pages.js';
import { timestamp } from './timestamp.js';

export const pullRequestStates = ['open', 'merged', 'closed'] as const;

/** Summary of the project's statuses of a head. */
export const pullRequestChecks = ['none', 'pending', 'success', 'failure'] as const;
export type PullRequestChecks = (typeof pullRequestChecks)[number];

export const pullRequestSchema = z
  .object({
    id: z.string(),
    number: z.number(),
    title: z.string(),
    state: z.enum(pullRequestStates),
    draft: z.boolean(),
    author: z.string(),
    headBranch: z.string(),
    baseBranch: z.string(),
    headCommit: z.string(),
    fork: z.boolean(),
    htmlUrl: z.string(),
    previewUrl: z.string().nullable(),
    checks: z.enum(pullRequestChecks).meta({ description: "Summary of the project's own statuses of the head." }),
    updatedAt: timestamp,
  })
  .meta({ id: 'PullRequest' });
export type PullRequest = z.output<typeof pullRequestSchema>;

/** A flag of a query: text in HTTP, boolean in gRPC. */
const queryFlag = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);

export const pullRequestQuerySchema = pageQuerySchema.extend({
  state: z.enum(pullRequestStates).optional(),
  draft: queryFlag.optional(),
  checks: z.enum(pullRequestChecks).optional(),
  creator: line.max(100).optional().meta({ description: 'Login of the author, case-insensitive' }),
  search: line.max(200).optional().meta({ description: 'Part of the title, case-insensitive, or the number' }),
});
export type PullRequestQuery = z.output<typeof pullRequestQuerySchema>;

export const mergeMethods = ['merge', 'squash', 'rebase'] as const;
export type MergeMethod = (typeof mergeMethods)[number];

export const mergeReadinessStates = [
  'ready',
  'approved',
  'changes-requested',
  'review-required',
  'conflict',
  'draft',
  'failed-requirements',
  'behind',
  'unknown',
  'merged',
  'closed',
] as const;

export const mergeReadinessSchema = z
  .object({
    state: z.enum(mergeReadinessStates),
    reason: z.string().meta({ description: 'Explains the state and the next step.' }),
    mergeable: z.boolean().meta({ description: 'True if the server is expected to accept a merge.' }),
    behind: z.boolean().meta({ description: 'True if the base has commits that the head lacks.' }),
    methods: z.array(z.enum(mergeMethods)).meta({ description: 'Merge methods that the repository allows.' }),
  })
  .meta({ id: 'MergeReadiness' });
export type MergeReadiness = z.output<typeof mergeReadinessSchema>;

export const pullRequestReviewSchema = z
  .object({
    author: z.string(),
    state: z.enum(['approved', 'changes-requested', 'commented', 'dismissed', 'pending']),
    body: z.string(),
    commit: z.string().nullable(),
    submittedAt: z.string().nullable(),
  })
  .meta({ id: 'PullRequestReview' });
export type PullRequestReview = z.output<typeof pullRequestReviewSchema>;

export const pullRequestCommitSchema = z
  .object({
    commit: z.string(),
    message: z.string(),
    author: z.string(),
    authoredAt: z.string().nullable(),
    htmlUrl: z.string(),
  })
  .meta({ id: 'PullRequestCommit' });

/** A status or a check run of the head, from any reporter. */
export const pullRequestCheckSchema = z
  .object({
    name: z.string(),
    state: z.enum([...commitStateValues, 'neutral']),
    description: z.string().nullable(),
    url: z.string().nullable(),
  })
  .meta({ id: 'PullRequestCheck' });
export type PullRequestCheck = z.output<typeof pullRequestCheckSchema>;

/** Details that are read from the server. Text is plain text, never HTML. */
export const pullRequestDetailSchema = z
  .object({
    pullRequest: pullRequestSchema,
    body: z.string().meta({ description: 'Markdown source.' }),
    headRepository: z.string().nullable().meta({ description: 'owner/name; null if the fork was deleted.' }),
    baseCommit: z.string(),
    createdAt: z.string(),
    additions: z.number(),
    deletions: z.number(),
    changedFiles: z.number(),
    readiness: mergeReadinessSchema,
    reviews: z.array(pullRequestReviewSchema),
    commits: z.array(pullRequestCommitSchema).meta({ description: 'Oldest first, at most 250.' }),
    checks: z.array(pullRequestCheckSchema),
    commentProblem: z
      .string()
      .nullable()
      .meta({ description: "Why the project's comment on the pull request is missing or outdated." }),
    deployment: deploymentSchema.nullable().meta({ description: "The project's newest deployment of the head." }),
  })
  .meta({ id: 'PullRequestDetail' });
export type PullRequestDetail = z.output<typeof pullRequestDetailSchema>;

export const pullRequestFileSchema = z
  .object({
    path: z.string(),
    previousPath: z.string().nullable(),
    status: z.enum(['added', 'modified', 'renamed', 'copied', 'removed']),
    additions: z.number(),
    deletions: z.number(),
    patch: z.string().nullable().meta({ description: 'Unified diff without file headers.' }),
    patchMissing: z
      .enum(['binary', 'too-large', 'unchanged'])
      .nullable()
      .meta({ description: 'Reason for an absent patch.' }),
    inProject: z.boolean().meta({ description: "True if the file is in the project's root folder." }),
  })
  .meta({ id: 'PullRequestFile' });
export type PullRequestFile = z.output<typeof pullRequestFileSchema>;

export const pullRequestFileContentQuerySchema = z.object({
  path: z.string().min(1, 'Name the file.').max(4_096),
  previousPath: z.string().max(4_096).optional().meta({ description: 'Previous path of a renamed file' }),
});
export type PullRequestFileContentQuery = z.output<typeof pullRequestFileContentQuerySchema>;

const fileSideSchema = z
  .object({
    commit: z.string(),
    kind: z.enum(['file', 'symlink', 'submodule', 'absent', 'not-synced']).meta({
      description:
        'absent: this side has no such file; not-synced: the content of this side is not stored, e.g. of a fork.',
    }),
    text: z.string().nullable().meta({ description: 'null if the file is binary or too large to show' }),
    bytes: z.number().nullable(),
  })
  .meta({ id: 'FileSide' });
export type FileSide = z.output<typeof fileSideSchema>;

export const pullRequestFileContentSchema = z
  .object({ path: z.string(), before: fileSideSchema, after: fileSideSchema })
  .meta({ id: 'PullRequestFileContent' });
export type PullRequestFileContent = z.output<typeof pullRequestFileContentSchema>;

const title = line
  .trim()
  .min(1, 'Give the pull request a title.')
  .max(255, 'The title may have at most 255 characters.');
const body = z.string().max(65_536, 'The description may have at most 65,536 characters.');
const branch = existingBranch.min(1, 'Choose a branch.');
const commit = z
  .string()
  .max(64)
  .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'Give the full id of the commit that was looked at.');

export const createPullRequestSchema = z
  .object({
    title,
    body: body.default(''),
    headBranch: branch,
    baseBranch: branch.optional().meta({ description: 'Default: the production branch' }),
    draft: z.boolean().default(true),
  })
  .refine(({ headBranch, baseBranch }) => headBranch !== baseBranch, {
    path: ['headBranch'],
    message: 'Choose another branch than the one to merge into.',
  })
  .meta({ id: 'CreatePullRequest' });
export type CreatePullRequest = z.output<typeof createPullRequestSchema>;

export const updatePullRequestSchema = z
  .object({
    title: title.optional(),
    body: body.optional(),
    baseBranch: branch.optional(),
    state: z.enum(['open', 'closed']).optional(),
    draft: z.boolean().optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'Say what to change.')
  .meta({ id: 'UpdatePullRequest' });
export type UpdatePullRequest = z.output<typeof updatePullRequestSchema>;

export const mergePullRequestSchema = z
  .object({
    method: z.enum(mergeMethods).default('merge'),
    headCommit: commit.meta({
      description: 'The head commit that the user saw. Nothing is merged if the head has changed.',
    }),
    title: line.trim().max(255).optional(),
    message: body.optional(),
  })
  .meta({ id: 'MergePullRequest' });
export type MergePullRequest = z.output<typeof mergePullRequestSchema>;

export const pullRequestMergeSchema = z
  .object({ commit: z.string(), pullRequest: pullRequestSchema })
  .meta({ id: 'PullRequestMerge' });
export type PullRequestMerge = z.output<typeof pullRequestMergeSchema>;

export const updatePullRequestBranchSchema = z
  .object({ headCommit: commit.meta({ description: 'The head commit that the user saw.' }) })
  .meta({ id: 'UpdatePullRequestBranch' });
export type UpdatePullRequestBranch = z.output<typeof updatePullRequestBranchSchema>;
