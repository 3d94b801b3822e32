export { readAppPrivateKey, signAppJwt } from './app-jwt.js';
export type { AppJwtOptions } from './app-jwt.js';
export { createGhesClient } from './client.js';
export type { GhesClient, GhesClientOptions, GhesRequestOptions, GhesResponse } from './client.js';
export {
  GhesError,
  GhesForbiddenError,
  GhesMalformedResponseError,
  GhesNotFoundError,
  GhesRedirectedError,
  GhesSuspendedError,
  GhesUnauthorizedError,
  GhesUnsupportedVersionError,
  InvalidPrivateKeyError,
  InvalidServerUrlError,
} from './errors/index.js';
export type { GhesErrorCode } from './errors/index.js';
export type { GraphqlOptions } from './graphql/graphql.js';
export { parseCidrs } from './network/address-guard.rules.js';
export { GhesNetwork, ghesNetwork } from './network/ghes-network.js';
export type { GhesNetworkOptions } from './network/ghes-network.js';
export { DEFAULT_NETWORK_LIMITS } from './network/network-limits.js';
export type { NetworkLimits } from './network/network-limits.js';
export { createPkcePair, userAuthorizationUrl } from './oauth/user-authorization.rules.js';
export type { PkcePair, UserAuthorization } from './oauth/user-authorization.rules.js';
export {
  compareCommits,
  convertManifestCode,
  createBlob,
  createCommit,
  createCommitOnBranch,
  createCommitStatus,
  createInstallationAccessToken,
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
  getCommitObject,
  getMeta,
  getPullRequest,
  getRef,
  getRepository,
  getWebhookConfigForApp,
  getWebhookDelivery,
  gitUploadPack,
  listBranchRules,
  listBranches,
  listCheckRuns,
  listInstallations,
  listPullRequestCommits,
  listPullRequestFiles,
  listPullRequestReviews,
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
  CheckRun,
  Commit,
  CommitStatus,
  ConvertedApp,
  Installation,
  NewTreeEntry,
  OAuthApp,
  PullRequest,
  PullRequestDetail,
  PullRequestName,
  PullRequestReview,
  Repository,
  RepositoryName,
  UserToken,
} from './operations/index.js';
export { ghesOperations } from './operations/routes.js';
export type { GhesOperation } from './operations/routes.js';
export { cutStatusDescription } from './operations/status-description.rules.js';
export type {
  CredentialProvider,
  GhesAuth,
  MintedToken,
  TokenProvider,
  TokenRefresh,
} from './policies/authorization.js';
export { redact } from './redact.rules.js';
export { parseServerUrl, serverAddress } from './server-address.rules.js';
export type { ServerAddress, ServerUrlOptions } from './server-address.rules.js';
export { capabilities, requireCapability, serverReleases, versionSupport } from './server-versions.rules.js';
export type { Capability, ServerRelease, VersionSupport } from './server-versions.rules.js';
export {
  appPageUrl,
  appSettingsUrl,
  installationSettingsUrl,
  manifestFormUrl,
  newInstallationUrl,
} from './web-addresses.rules.js';
