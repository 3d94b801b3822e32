export { privateKeySigner, readAppPrivateKey, signAppJwt } from './app-jwt.js';
export type { RsaSigner } from './app-jwt.js';
export { createGhesClient } from './client.js';
export type { GhesClient } from './client.js';
export {
  GhesConflictError,
  GhesError,
  GhesForbiddenError,
  GhesMalformedResponseError,
  GhesNotFoundError,
  GhesRedirectedError,
  GhesResponseTooLargeError,
  GhesSuspendedError,
  GhesUnauthorizedError,
  GhesUnsupportedVersionError,
  InvalidPrivateKeyError,
  InvalidServerUrlError,
} from './errors/index.js';
export type { GhesErrorCode } from './errors/index.js';
export { locateLfsObjects, MAX_LFS_BATCH, readLfsObject } from './lfs/lfs-objects.js';
export type { LfsLocation, LfsObject } from './lfs/lfs-objects.js';
export { ResponseBudgets } from './network/byte-budget.js';
export type { ResponseBudgetLimits } from './network/byte-budget.js';
export { GhesNetwork, ghesNetwork } from './network/ghes-network.js';
export type { GhesNetworkOptions, ObservedResponse } from './network/ghes-network.js';
export type { NetworkLimits } from './network/network-limits.js';
export { createPkcePair, userAuthorizationUrl } from './oauth/user-authorization.rules.js';
export { MAX_ANNOTATIONS_PER_REQUEST } from './operations/checks.js';
export {
  compareCommits,
  convertManifestCode,
  countCommitsBetween,
  createBlob,
  createBlobFromPieces,
  createCheckRun,
  createCommit,
  createCommitOnBranch,
  createCommitStatus,
  createInstallationAccessToken,
  createIssueComment,
  createPullRequest,
  createRef,
  createTree,
  deleteAppAuthorization,
  deleteAppToken,
  deleteRef,
  exchangeUserCode,
  getAuthenticatedApp,
  getAuthenticatedUser,
  getBranch,
  getBranchProtection,
  getCombinedStatus,
  getBlob,
  getCommitObject,
  getMergeCommit,
  getMeta,
  getPullRequest,
  getRef,
  getRepository,
  getTree,
  getWebhookConfigForApp,
  getWebhookDelivery,
  getWebhookDeliveryPage,
  gitUploadPack,
  listBranchRules,
  listBranches,
  listCheckRuns,
  listInstallationRequests,
  listInstallations,
  listCommits,
  listIssueComments,
  listPullRequestCommits,
  listPullRequestFiles,
  listPullRequestReviews,
  listReviewComments,
  removeRequestedReviewers,
  requestReviewers,
  listPullRequests,
  listReposAccessibleToInstallation,
  listWebhookDeliveries,
  mergeBranch,
  mergePullRequest,
  moveRef,
  redeliverWebhookDelivery,
  refreshUserToken,
  revokeInstallationAccessToken,
  setPullRequestDraft,
  streamUploadPack,
  updateCheckRun,
  updateIssueComment,
  updatePullRequest,
  updatePullRequestBranch,
  updateRef,
  updateWebhookConfigForApp,
} from './operations/index.js';
export type {
  App,
  BranchProtection,
  BranchRule,
  ChangedFile,
  CheckAnnotation,
  CheckRun,
  Commit,
  CommitObject,
  CommitStatus,
  ConvertedApp,
  Installation,
  IssueComment,
  NewTreeEntry,
  OAuthApp,
  PullRequest,
  PullRequestDetail,
  PullRequestName,
  PullRequestReview,
  ReviewComment,
  Repository,
  RepositoryName,
  UserToken,
  WebhookDelivery,
  WebhookDeliveryDetail,
} from './operations/index.js';
export type { BoundRepository } from './operations/repository-requests.js';
export { ghesOperations } from './operations/routes.js';
export type { GhesAuth, MintedToken, TokenProvider, TokenRefresh } from './policies/authorization.js';
export { certificateNames, describeCertificate, describeCertificates } from './profile/certificates.rules.js';
export {
  DIRECT_PROFILE,
  profileNetworkOptions,
  profileViolations,
  storedProfile,
} from './profile/connection-profile.rules.js';
export type { ConnectionProfile, StoredProfile } from './profile/connection-profile.rules.js';
export { completeProfile, storedSecretViolations } from './profile/stored-secrets.rules.js';
export { rateLimitLeft } from './rate-limit.rules.js';
export { parseServerUrl } from './server-address.rules.js';
export { checkServer } from './server-check.js';
export { serverReleases, supportOf } from './server-versions.rules.js';
export { manifestFormUrl, newInstallationUrl } from './web-addresses.rules.js';
