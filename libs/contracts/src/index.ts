export {
  CodedError,
  ConflictError,
  ERROR_CODES,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  isCoded,
  isErrorCode,
} from './errors/index.js';
export type { ErrorCode, InputViolation } from './errors/index.js';
export { liveEventSchema } from './events.js';
export type { LiveEvent } from './events.js';
export {
  accountSchema,
  accountStatuses,
  confirmAccountSchema,
  signInCallbackQuerySchema,
  signInStartSchema,
} from './http/accounts.js';
export type { Account, ConfirmAccount, SignInCallbackQuery, SignInStart } from './http/accounts.js';
export { activitySchema } from './http/activity.js';
export type { Activity } from './http/activity.js';
export { checkNames, checksSchema } from './http/checks.js';
export type { Check, CheckName, Checks, CheckState, ComparedFinding, Finding } from './http/checks.js';
export {
  MAX_FILE_CHANGES,
  createBranchSchema,
  createCommitSchema,
  deleteBranchQuerySchema,
  madeCommitSchema,
  syncBranchSchema,
  syncedBranchSchema,
  uploadSchema,
} from './http/commits.js';
export type {
  CreateBranch,
  CreateCommit,
  DeleteBranchQuery,
  FileChange,
  MadeCommit,
  SyncBranch,
  SyncedBranch,
  Upload,
} from './http/commits.js';
export { auditRecordSchema, connectionHealthSchema } from './http/connection-health.js';
export type { AuditRecord, ConnectionHealth } from './http/connection-health.js';
export {
  connectionProfileSchema,
  connectionProfileViewSchema,
  inspectCertificateSchema,
  serverCertificateSchema,
} from './http/connection-profile.js';
export type {
  Certificate,
  ConnectionProfileInput,
  ConnectionProfileView,
  InspectCertificate,
  ServerCertificate,
} from './http/connection-profile.js';
export {
  branchSchema,
  connectionSchema,
  createConnectionSchema,
  installationRequestSchema,
  installationSchema,
  manifestFormSchema,
  repositorySchema,
  serverBranchSchema,
  takeOverSchema,
  updateConnectionSchema,
} from './http/connections.js';
export type {
  Branch,
  Connection,
  ConnectionStatus,
  CreateConnection,
  InstallationRequest,
  ManifestForm,
  Repository,
  ServerBranch,
  TakeOver,
  UpdateConnection,
} from './http/connections.js';
export {
  deliveryPayloadSchema,
  deliveryQuerySchema,
  deliveryRecoverySchema,
  deliverySchema,
} from './http/deliveries.js';
export type { Delivery, DeliveryPayload, DeliveryQuery, DeliveryRecovery } from './http/deliveries.js';
export {
  addExistingAppSchema,
  appSettingsSchema,
  rotateClientSecretSchema,
  rotatePrivateKeySchema,
  rotateWebhookSecretSchema,
  rotatedCredentialSchema,
} from './http/credentials.js';
export type {
  AddExistingApp,
  AppSettings,
  RotateClientSecret,
  RotatePrivateKey,
  RotateWebhookSecret,
  RotatedCredential,
} from './http/credentials.js';
export {
  deploymentComparisonQuerySchema,
  deploymentComparisonSchema,
  deploymentSchema,
  logLineSchema,
} from './http/deployments.js';
export type {
  CommitState,
  Deployment,
  DeploymentComparison,
  DeploymentComparisonQuery,
  DeploymentState,
  DeploymentTrigger,
  Environment,
  LogLine,
} from './http/deployments.js';
export { forwardPageOf, forwardPageQuerySchema, pageOf, pageQuerySchema } from './http/pages.js';
export type { ForwardPage, ForwardPageQuery, Page, PageQuery } from './http/pages.js';
export { selfTestSchema } from './http/self-test.js';
export type { Probe, ProbeName, ProbeState, SelfTest } from './http/self-test.js';
export { problemSchema } from './http/problem.js';
export type { Problem } from './http/problem.js';
export { contentSchema, createProjectSchema, projectSchema, updateProjectSchema } from './http/projects.js';
export type {
  BranchPreviews,
  Content,
  CreateProject,
  PreviewChecks,
  ProductionChecks,
  ProductionCommits,
  Project,
  RepositoryState,
  UpdateProject,
} from './http/projects.js';
export {
  createPullRequestSchema,
  mergeMethods,
  mergePullRequestSchema,
  mergeReadinessSchema,
  pullRequestCheckSchema,
  pullRequestCommitSchema,
  pullRequestDetailSchema,
  pullRequestFileContentQuerySchema,
  pullRequestFileContentSchema,
  pullRequestFileSchema,
  pullRequestMergeSchema,
  pullRequestQuerySchema,
  pullRequestReviewSchema,
  pullRequestSchema,
  createPullRequestCommentSchema,
  pullRequestCommentSchema,
  pullRequestCommentsSchema,
  requestedReviewersSchema,
  updatePullRequestBranchSchema,
  updatePullRequestSchema,
} from './http/pull-requests.js';
export type {
  CreatePullRequest,
  FileSide,
  MergeMethod,
  MergePullRequest,
  MergeReadiness,
  PullRequest,
  PullRequestCheck,
  PullRequestChecks,
  PullRequestDetail,
  PullRequestFile,
  PullRequestFileContent,
  PullRequestFileContentQuery,
  PullRequestMerge,
  PullRequestQuery,
  CreatePullRequestComment,
  PullRequestComment,
  PullRequestComments,
  PullRequestReview,
  RequestedReviewers,
  UpdatePullRequest,
  UpdatePullRequestBranch,
} from './http/pull-requests.js';
export {
  contentQuerySchema,
  deleteConnectionQuerySchema,
  deploymentQuerySchema,
  eventsQuerySchema,
  installedCallbackQuerySchema,
  manifestCallbackQuerySchema,
  repositoryQuerySchema,
  serverBranchQuerySchema,
} from './http/queries.js';
export type { ContentQuery, DeploymentQuery, EventsQuery, RepositoryQuery, ServerBranchQuery } from './http/queries.js';
export {
  archiveQuerySchema,
  fileDiffQuerySchema,
  fileDiffSchema,
  fileVersionPageSchema,
  fileVersionQuerySchema,
  snapshotDiffQuerySchema,
  snapshotDiffSchema,
} from './http/history.js';
export type {
  ArchiveQuery,
  ChangedFile,
  FileDiff,
  FileDiffQuery,
  FileVersion,
  FileVersionQuery,
  SnapshotDiff,
  SnapshotDiffQuery,
} from './http/history.js';
export { localSignInSchema, localUsersSchema, sessionSchema, signInAddressSchema } from './http/session.js';
export type { LocalSignIn, LocalUsers, Session, SignInAddress } from './http/session.js';
export { idPrefixes, isId, lowestId, newId, timeOfId } from './ids.js';
export type { IdKind } from './ids.js';
export { actorSchema } from './jobs/actor.js';
export type { Actor } from './jobs/actor.js';
export { commitJobs } from './jobs/commit.jobs.js';
export type { JobDefinition, PayloadOf, ResultOf } from './jobs/define-job.js';
export { INBOX_SHARDS, jobs } from './jobs/jobs.js';
export type { JobKey, QueueName } from './jobs/jobs.js';
export { pullRequestJobs } from './jobs/pull-request.jobs.js';
export { includesLevel, missingPermissions } from './permissions.rules.js';
export type { GrantedPermissions, NeededPermissions } from './permissions.rules.js';
export { bridgeProtoPath, PROTO_LOADER_OPTIONS, vaultProtoPath } from './proto.js';
export { includesRole, roles } from './roles.js';
export type { Role } from './roles.js';
export type {
  BeginManifestRequest,
  BeginManifestResponse,
  BeginUserSignInRequest,
  BeginUserSignInResponse,
  CompleteManifestRequest,
  CompleteManifestResponse,
  CompleteUserSignInRequest,
  ConfirmUserSignInRequest,
  ConnectionRequest,
  DeleteConnectionRequest,
  InspectServerCertificateRequest,
  InstallationToken,
  ListInstallationsResponse,
  LoggedDelivery,
  LoggedPayload,
  MintInstallationTokenRequest,
  RegisterAppRequest,
  ReplaceConnectionProfileRequest,
  RotateCredentialRequest,
  RotateCredentialResponse,
  StoredConnectionProfile,
  TokenUsage,
  UserAccount,
  UserRequest,
  UserToken,
  VaultApp,
  VaultAuditRecord,
  VaultConnectionProfile,
  VaultInstallation,
  VaultMethod,
  VaultMethods,
  VaultWebhook,
  WebhookDeliveryLog,
  WebhookPing,
  WebhookSecrets,
} from './vault-messages.js';
