import { z } from 'zod';
import { branchField, commitField, doc, idField, loginField } from './fields.js';
import { existingBranch } from './commits.js';
import { commitStateValues, deploymentSchema } from './deployments.js';
import { line } from './line.js';
import { pageQuerySchema } from './pages.js';
import { timestamp } from './timestamp.js';

export const pullRequestStates = ['open', 'merged', 'closed'] as const;

/** A time as the server wrote it. */
const timeField = z.string().meta(doc('Time', '2026-11-30T09:15:00Z'));

/** Summary of the project's statuses of a head. */
export const pullRequestChecks = ['none', 'pending', 'success', 'failure'] as const;
export type PullRequestChecks = (typeof pullRequestChecks)[number];

export const pullRequestSchema = z
  .object({
    id: idField('pullRequest', 'Id of the pull request'),
    number: z.number().meta(doc('Number on the server', 42)),
    title: z.string().meta(doc('Title', 'Explain how to search')),
    state: z.enum(pullRequestStates).meta(doc('State on the server')),
    draft: z.boolean().meta(doc('True if it is a draft')),
    author: loginField.meta(doc('Login of the author')),
    headBranch: branchField.meta(doc('Branch to merge')),
    baseBranch: branchField.meta(doc('Branch to merge into', 'main')),
    headCommit: commitField.meta(doc('Head of the branch')),
    fork: z.boolean().meta(doc('True if the head is in a fork')),
    htmlUrl: z.string().meta(doc('Page on the server', 'https://ghes.example.com/acme/handbook/pull/42')),
    previewUrl: z
      .string()
      .nullable()
      .meta(doc('URL of the preview; null if there is none', 'https://pr-42--prj01h2x.preview.example.com/')),
    checks: z.enum(pullRequestChecks).meta(doc('Summary of the project’s own statuses of the head')),
    updatedAt: timestamp.meta(doc('When it was last changed on the server')),
  })
  .meta({ id: 'PullRequest', description: 'A pull request of the repository of a project' });
export type PullRequest = z.output<typeof pullRequestSchema>;

/** A flag of a query: text in HTTP, boolean in gRPC. */
const queryFlag = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);

export const pullRequestQuerySchema = pageQuerySchema.extend({
  state: z.enum(pullRequestStates).optional().meta(doc('Only pull requests in this state')),
  draft: queryFlag.optional().meta(doc('Only drafts, or none', 'true')),
  checks: z.enum(pullRequestChecks).optional().meta(doc('Only pull requests with this summary of checks')),
  creator: line.max(100).optional().meta(doc('Login of the author, case-insensitive', 'octocat')),
  search: line.max(200).optional().meta(doc('Part of the title, case-insensitive, or the number', 'search')),
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
    state: z.enum(mergeReadinessStates).meta(doc('What a merge needs next')),
    reason: z.string().meta(doc('Explains the state and the next step', 'A review is required.')),
    mergeable: z.boolean().meta(doc('True if the server is expected to accept a merge')),
    behind: z.boolean().meta(doc('True if the base has commits that the head lacks')),
    methods: z.array(z.enum(mergeMethods)).meta(doc('Merge methods that the repository allows')),
  })
  .meta({ id: 'MergeReadiness', description: 'Whether a pull request can be merged' });
export type MergeReadiness = z.output<typeof mergeReadinessSchema>;

const reviewerNames = z
  .array(line.trim().min(1).max(100))
  .max(15, 'A pull request has at most 15 requested reviewers.');

export const requestedReviewersSchema = z
  .object({
    users: reviewerNames.default([]).meta(doc('Logins of users', ['octocat'])),
    teams: reviewerNames.default([]).meta(doc('Slugs of teams of the owner', ['writers'])),
  })
  .meta({ id: 'RequestedReviewers', description: 'Reviewers who are requested and have not reviewed yet' });
export type RequestedReviewers = z.output<typeof requestedReviewersSchema>;

export const pullRequestCommentSchema = z
  .object({
    id: z.string().meta(doc('Id of the comment on the server, unique among comments of its kind', '17')),
    kind: z.enum(['conversation', 'line']).meta(doc('Whether it is about the pull request or about a line of a file')),
    author: loginField.meta(doc('Login of the author')),
    body: z.string().meta(doc('Text, in Markdown', 'Please explain this.')),
    path: z.string().nullable().meta(doc('File of a comment on a line', 'docs/guides/start.md')),
    line: z.number().nullable().meta(doc('Its line; null if it is no longer part of the diff', 12)),
    createdAt: timeField.meta(doc('When it was written')),
    updatedAt: timeField.meta(doc('When it was last changed')),
    htmlUrl: z
      .string()
      .meta(doc('Page on the server', 'https://ghes.example.com/acme/handbook/pull/42#issuecomment-17')),
  })
  .meta({ id: 'PullRequestComment', description: 'A comment on a pull request. Text is plain text, never HTML' });
export type PullRequestComment = z.output<typeof pullRequestCommentSchema>;

export const pullRequestCommentsSchema = z
  .object({
    items: z.array(pullRequestCommentSchema).meta(doc('Comments, oldest first; the newest 500 of each kind')),
    truncated: z.boolean().meta(doc('True if older comments are missing')),
  })
  .meta({ id: 'PullRequestComments', description: 'The comments on a pull request' });
export type PullRequestComments = z.output<typeof pullRequestCommentsSchema>;

export const createPullRequestCommentSchema = z
  .object({
    body: z
      .string()
      .max(60_000, 'A comment may have at most 60,000 characters.')
      .refine((text) => text.trim() !== '', 'Write a comment.')
      .meta(doc('Text, in Markdown', 'Please explain this.')),
  })
  .meta({ id: 'CreatePullRequestComment', description: 'A comment to write on the conversation of a pull request' });
export type CreatePullRequestComment = z.output<typeof createPullRequestCommentSchema>;

export const pullRequestReviewSchema = z
  .object({
    author: loginField.meta(doc('Login of the reviewer')),
    state: z
      .enum(['approved', 'changes-requested', 'commented', 'dismissed', 'pending'])
      .meta(doc('Decision of the review')),
    body: z.string().meta(doc('Text of the review, in Markdown', 'Looks good.')),
    commit: commitField.nullable().meta(doc('Reviewed commit')),
    submittedAt: timeField.nullable().meta(doc('When it was submitted')),
  })
  .meta({ id: 'PullRequestReview', description: 'A review of a pull request' });
export type PullRequestReview = z.output<typeof pullRequestReviewSchema>;

export const pullRequestCommitSchema = z
  .object({
    commit: commitField,
    message: z.string().meta(doc('Message of the commit', 'Explain how to search')),
    author: z.string().meta(doc('Login or name of the author', 'octocat')),
    authoredAt: timeField.nullable().meta(doc('When it was authored')),
    htmlUrl: z.string().meta(doc('Page on the server', 'https://ghes.example.com/acme/handbook/commit/4b825dc')),
  })
  .meta({ id: 'PullRequestCommit', description: 'A commit of a pull request' });

/** A status or a check run of the head, from any reporter. */
export const pullRequestCheckSchema = z
  .object({
    name: z.string().meta(doc('Context of the status, or name of the check run', 'ci/build')),
    state: z.enum([...commitStateValues, 'neutral']).meta(doc('State of the check')),
    description: z.string().nullable().meta(doc('Result in a few words', 'All tests passed')),
    url: z.string().nullable().meta(doc('Page with details', 'https://ci.example.com/builds/7')),
  })
  .meta({ id: 'PullRequestCheck', description: 'A status or a check run of the head, from any reporter' });
export type PullRequestCheck = z.output<typeof pullRequestCheckSchema>;

/** Details that are read from the server. Text is plain text, never HTML. */
export const pullRequestDetailSchema = z
  .object({
    pullRequest: pullRequestSchema,
    body: z.string().meta(doc('Description, in Markdown', 'Closes #7.')),
    headRepository: z.string().nullable().meta(doc('`owner/name`; null if the fork was deleted', 'acme/handbook')),
    baseCommit: commitField.meta(doc('Head of the base branch')),
    createdAt: timeField.meta(doc('When it was opened')),
    additions: z.number().meta(doc('Number of added lines', 12)),
    deletions: z.number().meta(doc('Number of deleted lines', 3)),
    changedFiles: z.number().meta(doc('Number of changed files', 2)),
    readiness: mergeReadinessSchema,
    requestedReviewers: requestedReviewersSchema,
    reviews: z.array(pullRequestReviewSchema).meta(doc('Reviews, oldest first')),
    commits: z.array(pullRequestCommitSchema).meta(doc('Oldest first, at most 250')),
    checks: z.array(pullRequestCheckSchema).meta(doc('Statuses and check runs of the head')),
    commentProblem: z
      .string()
      .nullable()
      .meta(
        doc('Why the project’s comment on the pull request is missing or outdated', 'The app may not write comments.'),
      ),
    deployment: deploymentSchema.nullable().meta(doc('The project’s newest deployment of the head')),
  })
  .meta({
    id: 'PullRequestDetail',
    description: 'A pull request as it is on the server. Text is plain text, never HTML',
  });
export type PullRequestDetail = z.output<typeof pullRequestDetailSchema>;

export const pullRequestFileSchema = z
  .object({
    path: z.string().meta(doc('Path in the repository', 'docs/guides/start.md')),
    previousPath: z.string().nullable().meta(doc('Previous path of a renamed or copied file', 'docs/start.md')),
    status: z.enum(['added', 'modified', 'renamed', 'copied', 'removed']).meta(doc('Kind of the change')),
    additions: z.number().meta(doc('Number of added lines', 12)),
    deletions: z.number().meta(doc('Number of deleted lines', 3)),
    patch: z.string().nullable().meta(doc('Unified diff without file headers', '@@ -1 +1 @@\n-Old\n+New')),
    patchMissing: z.enum(['binary', 'too-large', 'unchanged']).nullable().meta(doc('Reason for an absent patch')),
    inProject: z.boolean().meta(doc('True if the file is in the root folder of the project')),
  })
  .meta({ id: 'PullRequestFile', description: 'A changed file of a pull request' });
export type PullRequestFile = z.output<typeof pullRequestFileSchema>;

export const pullRequestFileContentQuerySchema = z.object({
  path: z.string().min(1, 'Name the file.').max(4_096).meta(doc('Path in the repository', 'docs/guides/start.md')),
  previousPath: z.string().max(4_096).optional().meta(doc('Previous path of a renamed file', 'docs/start.md')),
});
export type PullRequestFileContentQuery = z.output<typeof pullRequestFileContentQuerySchema>;

const fileSideSchema = z
  .object({
    commit: commitField.meta(doc('Commit of this side')),
    kind: z
      .enum(['file', 'symlink', 'submodule', 'absent', 'not-synced'])
      .meta(
        doc(
          '`absent`: this side has no such file. `not-synced`: the content of this side is not stored, e.g. of a fork',
        ),
      ),
    text: z
      .string()
      .nullable()
      .meta(doc('Text of the file; null if it is binary or too large to show', '# Getting started')),
    bytes: z.number().nullable().meta(doc('Size of the file, in bytes', 18)),
  })
  .meta({ id: 'FileSide', description: 'One side of a comparison of a file' });
export type FileSide = z.output<typeof fileSideSchema>;

export const pullRequestFileContentSchema = z
  .object({
    path: z.string().meta(doc('Path in the repository', 'docs/guides/start.md')),
    before: fileSideSchema.meta(doc('The file in the base')),
    after: fileSideSchema.meta(doc('The file in the head')),
  })
  .meta({ id: 'PullRequestFileContent', description: 'A changed file before and after' });
export type PullRequestFileContent = z.output<typeof pullRequestFileContentSchema>;

const title = line
  .trim()
  .min(1, 'Give the pull request a title.')
  .max(255, 'The title may have at most 255 characters.')
  .meta(doc('Title', 'Explain how to search'));
const body = z
  .string()
  .max(65_536, 'The description may have at most 65,536 characters.')
  .meta(doc('Description, in Markdown', 'Closes #7.'));
const branch = existingBranch.min(1, 'Choose a branch.').meta(doc('Branch', 'main'));
const commit = z
  .string()
  .max(64)
  .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'Give the full id of the commit that was looked at.')
  .meta(doc('Head commit that the user saw', '4b825dc642cb6eb9a060e54bf8d69288fbee4904'));

export const createPullRequestSchema = z
  .object({
    title,
    body: body.default(''),
    headBranch: branch.meta(doc('Branch to merge', 'feature/search')),
    baseBranch: branch.optional().meta(doc('Branch to merge into. Default: the production branch', 'main')),
    draft: z.boolean().default(true).meta(doc('Whether it is a draft')),
  })
  .refine(({ headBranch, baseBranch }) => headBranch !== baseBranch, {
    path: ['headBranch'],
    message: 'Choose another branch than the one to merge into.',
  })
  .meta({ id: 'CreatePullRequest', description: 'A pull request to open' });
export type CreatePullRequest = z.output<typeof createPullRequestSchema>;

export const updatePullRequestSchema = z
  .object({
    title: title.optional(),
    body: body.optional(),
    baseBranch: branch.optional().meta(doc('Branch to merge into')),
    state: z.enum(['open', 'closed']).optional().meta(doc('Closes or reopens it')),
    draft: z.boolean().optional().meta(doc('Whether it is a draft')),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'Say what to change.')
  .meta({ id: 'UpdatePullRequest', description: 'Changes of a pull request. Omitted fields keep their values' });
export type UpdatePullRequest = z.output<typeof updatePullRequestSchema>;

export const mergePullRequestSchema = z
  .object({
    method: z.enum(mergeMethods).default('merge').meta(doc('Merge method')),
    headCommit: commit.meta(doc('Head commit that the user saw. Nothing is merged if the head has changed')),
    title: line.trim().max(255).optional().meta(doc('Title of the merge commit', 'Explain how to search (#42)')),
    message: body.optional().meta(doc('Message of the merge commit')),
  })
  .meta({ id: 'MergePullRequest', description: 'How a pull request is merged' });
export type MergePullRequest = z.output<typeof mergePullRequestSchema>;

export const pullRequestMergeSchema = z
  .object({ commit: commitField.meta(doc('Commit of the merge')), pullRequest: pullRequestSchema })
  .meta({ id: 'PullRequestMerge', description: 'The result of a merge' });
export type PullRequestMerge = z.output<typeof pullRequestMergeSchema>;

export const updatePullRequestBranchSchema = z
  .object({ headCommit: commit })
  .meta({ id: 'UpdatePullRequestBranch', description: 'The head that the base is merged into' });
export type UpdatePullRequestBranch = z.output<typeof updatePullRequestBranchSchema>;
