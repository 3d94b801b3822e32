export type { Account, Permissions } from './account.schema.js';
export * from './app-webhooks.js';
export * from './apps.js';
export * from './branch-merging.js';
export * from './branches.js';
export type { ChangedFile } from './changed-file.schema.js';
export * from './checks.js';
export {
  compareCommits,
  createCommit,
  getCommit,
  getCommitObject,
  listPullRequestsAssociatedWithCommit,
} from './commits.js';
export type { Commit, CommitObject, Comparison, NewCommit } from './commits.js';
export * from './commit-statuses.js';
export * from './contents.js';
export * from './git-blobs.js';
export * from './git-refs.js';
export * from './git-trees.js';
export {
  createInstallationAccessToken,
  getInstallation,
  listInstallations,
  listInstallationsForAuthenticatedUser,
  listReposAccessibleToInstallation,
  revokeInstallationAccessToken,
} from './installations.js';
export type { Installation, InstallationToken, InstallationTokenScope } from './installations.js';
export * from './members.js';
export * from './meta.js';
export * from './oauth-applications.js';
export * from './pull-request-contents.js';
export * from './pull-request-merging.js';
export { createPullRequest, getPullRequest, listPullRequests, updatePullRequest } from './pull-requests.js';
export type {
  NewPullRequest,
  PullRequest,
  PullRequestChange,
  PullRequestDetail,
  PullRequestFilter,
  PullRequestName,
} from './pull-requests.js';
export { getRepository } from './repositories.js';
export type { Repository, RepositoryName } from './repositories.js';
// Operations that are no REST call.
export { gitUploadPack } from '../git/git-upload-pack.js';
export type { GitUploadPackRequest } from '../git/git-upload-pack.js';
export { createCommitOnBranch } from '../graphql/create-commit-on-branch.js';
export type { CommitOnBranch } from '../graphql/create-commit-on-branch.js';
export { moveRef } from '../graphql/move-ref.js';
export type { RefMove } from '../graphql/move-ref.js';
export { readBlobs } from '../graphql/read-blobs.js';
export { setPullRequestDraft } from '../graphql/set-pull-request-draft.js';
export { exchangeUserCode, refreshUserToken } from '../oauth/user-tokens.js';
export type { OAuthApp, UserToken } from '../oauth/user-tokens.js';
