export { commitMessage, isSameMessage, messageParts } from './commit-message.rules.js';
export { pathsChangedBetween, planCommit } from './commit-plan.js';
export type { CommitPlan, PlannedWrite } from './commit-plan.js';
export {
  beginCommitRequest,
  deleteOldCommitRequests,
  endCommitRequest,
  readCommitRequest,
  saveCommitRequest,
} from './commit-request.js';
export type { CommitRequest, RequestedChange, StoredCommitRequest } from './commit-request.js';
export { syncContent } from './content-sync.js';
export { GitRefEntity } from './git-ref.entity.js';
export { claimOverdueRepositories, overdueRefs } from './overdue-repositories.js';
export type { PushedChange } from './push.rules.js';
export { branchOfRef, branchRef, isBranchName, pullRequestRef } from './ref-name.rules.js';
export { GIT_TRANSPORT, listRefs, ProtocolV2Git } from './remote-git.js';
export type { FetchTransport, ListedRefs, RemoteGit, UploadPackRequests, WantedSnapshot } from './remote-git.js';
export { RefQuotaError } from './ref-quota.error.js';
export { RefTracker } from './ref-tracker.js';
export {
  connectedRepositories,
  findConnectedRepositories,
  mirrorRepositories,
  updateRepository,
} from './repository-mirror.js';
export {
  claimCollections,
  deleteGoneRefs,
  forgetRefs,
  requestSyncs,
  unconnectedRepositories,
} from './repository-retention.js';
export { listRepositories } from './repository-queries.js';
export { repositoryState, stateText } from './repository-state.rules.js';
export type { UnavailableCause } from './repository-state.rules.js';
export { RepositoryEntity } from './repository.entity.js';
export { fetchSnapshot, haveCommits } from './snapshots.js';
export { UploadQuotaError, UploadTooLargeError } from './upload.js';
export {
  beginUpload,
  claimUploads,
  deleteExpiredUploads,
  deleteUpload,
  finishUpload,
  readUpload,
  saveUploadPiece,
} from './upload.js';
export type { ClaimedUploads, UploadLimits, UploadOwner, UploadReference } from './upload.js';
export { storePieces, UPLOAD_PIECE_BYTES, UploadAbortedError } from './upload-pieces.js';
export { recordSync, recordSyncError, recordSyncProgress, requestSync, startSync } from './desired-state.js';
export type { StartedSync, SyncOutcome, SyncProgress } from './desired-state.js';
export { SyncRequests } from './sync-requests.js';
export { takeOverRepositories } from './take-over.js';
