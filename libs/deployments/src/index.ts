export { readCheckRun } from './check-runs/check-run-content.js';
export type { CheckRunReport } from './check-runs/check-run-content.js';
export {
  checkRunProblem,
  claimCheckRun,
  deleteOldCheckRuns,
  releaseCheckRun,
  reopenCheckRuns,
  settleCheckRun,
} from './check-runs/check-run-outbox.js';
export type { CheckRunKey, ClaimedCheckRun } from './check-runs/check-run-outbox.js';
export { checkRunHash } from './check-runs/check-run.rules.js';
export { DeploymentCheckEntity } from './checks/deployment-check.entity.js';
export { failCheck, finishCheck, isCheckPending, startCheck } from './checks/deployment-checks.js';
export { DeploymentFindingEntity } from './checks/deployment-finding.entity.js';
export { commentBody, commentMarker, MAX_COMMENT_PAGES } from './comments/comment-body.rules.js';
export type { ChangedPage } from './comments/comment-body.rules.js';
export { readHeadReport } from './comments/comment-content.js';
export type { HeadReport } from './comments/comment-content.js';
export {
  claimComment,
  commentProblem,
  recordCommentCreation,
  releaseComment,
  reopenComments,
  settleComment,
} from './comments/comment-outbox.js';
export type { ClaimedComment, CommentKey, CommentOutcome } from './comments/comment-outbox.js';
export { assertArtifactQuota } from './lifecycle/artifact-quota.js';
export { cancelDeployment, promote, redeploy } from './lifecycle/deployment-actions.js';
export { DeploymentLogEntity } from './lifecycle/deployment-log.entity.js';
export { appendLog, finishDeployment, forgetStart, isBuilding, startDeployment } from './lifecycle/deployment-run.js';
export type { BuildOutcome, StartedDeployment } from './lifecycle/deployment-run.js';
export { deploymentOfHead, previewsOfCommits, previewsOfRefs } from './lifecycle/deployment-queries.js';
export { commitsOf } from './lifecycle/deployment-states.rules.js';
export { DeploymentEntity } from './lifecycle/deployment.entity.js';
export {
  overdueBuilds,
  overdueCheckRuns,
  overdueChecks,
  overdueComments,
  overduePlans,
  overduePromotions,
  overdueStatuses,
} from './overdue.js';
export { WRITE_TIMEOUT_MS } from './outbox/revision-claims.js';
export { planDeployments, reportHead } from './planning/deployment-plan.js';
export type { DeployableRef } from './planning/deployment-plan.js';
export { idOfHostLabel, previewHostLabel, previewUrl } from './planning/preview-url.rules.js';
export { productionBranches } from './project/production-branches.js';
export type { ProductionBranch } from './project/production-branches.js';
export { changeProject, settingsPlanned, settingsToPlan } from './project/project-settings.js';
export type { ProjectSettings } from './project/project-settings.js';
export { ProjectEntity } from './project/project.entity.js';
export { createProject, deleteProject, existingProjectIds } from './project/projects.js';
export { contentRoots } from './retention/content-roots.js';
export { deleteDetails, expireDeployments } from './retention/deployment-retention.js';
export type { RetentionSettings } from './retention/deployment-retention.js';
export { deleteOldStatuses, deploymentsWithoutSite } from './retention/record-retention.js';
export { contextPrefix, unreportedContexts } from './statuses/commit-status.rules.js';
export { DeploymentUnitOfWork, statusLinks } from './statuses/deployment-unit-of-work.js';
export type { StatusLinks } from './statuses/desired-statuses.rules.js';
export { countSettled, watchStatuses } from './statuses/status-metrics.js';
export { finalizeConnectionStatuses, hasUnsentStatuses } from './statuses/status-outbox.js';
export type { CommitStatusKey } from './statuses/status-outbox.js';
export {
  CLAIM_RENEWAL_MS,
  claimStatuses,
  releaseClaim,
  renewClaim,
  reopenStatuses,
  settleStatus,
} from './statuses/status-sending.js';
export type { UnsentStatus } from './statuses/status-sending.rules.js';
