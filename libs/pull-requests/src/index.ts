export { branchRequirements } from './branch-requirements.rules.js';
export type { BranchRequirements } from './branch-requirements.rules.js';
export { isOfCommits, mergeText, squashText } from './merge-message.rules.js';
export { mergeReadiness } from './merge-readiness.rules.js';
export { checkOfRun, checkOfStatus, lastWords, reviewOf } from './pull-request-checks.rules.js';
export { mirrorPullRequest } from './pull-request-mirror.js';
export type { DescribedPullRequest, Mirrored } from './pull-request-mirror.js';
export { PullRequestEntity } from './pull-request.entity.js';
export { withRequester } from './requester-line.rules.js';
