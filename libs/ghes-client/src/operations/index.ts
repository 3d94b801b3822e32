export type { Account, Permissions } from './account.schema.js';
export {
  getWebhookConfigForApp,
  getWebhookDelivery,
  getWebhookDeliveryPage,
  listWebhookDeliveries,
  redeliverWebhookDelivery,
  updateWebhookConfigForApp,
} from './app-webhooks.js';
export type { WebhookDelivery, WebhookDeliveryDetail } from './app-webhooks.js';
export { convertManifestCode, getAuthenticatedApp } from './apps.js';
export type { App, ConvertedApp } from './apps.js';
export { mergeBranch } from './branch-merging.js';
export { getBranch, getBranchProtection, listBranches, listBranchRules } from './branches.js';
export type { BranchProtection, BranchRule } from './branches.js';
export type { ChangedFile } from './changed-file.schema.js';
export { createCheckRun, listCheckRuns, updateCheckRun } from './checks.js';
export type { CheckAnnotation, CheckRun } from './checks.js';
export { compareCommits, countCommitsBetween, createCommit, getCommitObject, listCommits } from './commits.js';
export type { Commit, CommitObject } from './commits.js';
export { createCommitStatus, getCombinedStatus } from './commit-statuses.js';
export type { CommitState, CommitStatus } from './commit-statuses.js';
export { createBlob, createBlobFromPieces, getBlob } from './git-blobs.js';
export { createRef, deleteRef, getRef, updateRef } from './git-refs.js';
export { createTree, getTree } from './git-trees.js';
export type { NewTreeEntry } from './git-trees.js';
export {
  createInstallationAccessToken,
  listInstallationRequests,
  listInstallations,
  listReposAccessibleToInstallation,
  revokeInstallationAccessToken,
} from './installations.js';
export type { Installation } from './installations.js';
export { createIssueComment, listIssueComments, updateIssueComment } from './issue-comments.js';
export type { IssueComment } from './issue-comments.js';
export { getAuthenticatedUser } from './members.js';
export { getMeta } from './meta.js';
export { deleteAppAuthorization, deleteAppToken } from './oauth-applications.js';
export {
  listPullRequestCommits,
  listPullRequestFiles,
  listPullRequestReviews,
  listReviewComments,
} from './pull-request-contents.js';
export type { PullRequestReview, ReviewComment } from './pull-request-contents.js';
export { removeRequestedReviewers, requestReviewers } from './pull-request-reviewers.js';
export { mergePullRequest, updatePullRequestBranch } from './pull-request-merging.js';
export { createPullRequest, getPullRequest, listPullRequests, updatePullRequest } from './pull-requests.js';
export type { PullRequest, PullRequestDetail, PullRequestName } from './pull-requests.js';
export { getRepository } from './repositories.js';
export type { Repository, RepositoryName } from './repositories.js';
// Operations without a REST route.
export { gitUploadPack, streamUploadPack } from '../git/git-upload-pack.js';
export { createCommitOnBranch } from '../graphql/create-commit-on-branch.js';
export { moveRef } from '../graphql/move-ref.js';
export { getMergeCommit } from '../graphql/get-merge-commit.js';
export { setPullRequestDraft } from '../graphql/set-pull-request-draft.js';
export { exchangeUserCode, refreshUserToken } from '../oauth/user-tokens.js';
export type { OAuthApp, UserToken } from '../oauth/user-tokens.js';
