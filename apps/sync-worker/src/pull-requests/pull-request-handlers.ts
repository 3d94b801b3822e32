import type { pullRequestJobs } from '@reunite/contracts';
import type { PullRequestTracker } from '@reunite/pull-requests';
import type { JobHandlers } from '@reunite/queueing';
import { ignoreDeleted } from '../connections/ignore-deleted.js';
import type { InteractiveWrites } from '../interactive/interactive-writes.js';
import { withUserFacingErrors } from '../interactive/user-facing-errors.js';
import type { WorkerResources } from '../resources.js';
import { CreatePullRequestCommentHandler } from './create-pull-request-comment.handler.js';
import { CreatePullRequestHandler } from './create-pull-request.handler.js';
import { FetchPullRequestContentHandler } from './fetch-pull-request-content.handler.js';
import { ListPullRequestCommentsHandler } from './list-pull-request-comments.handler.js';
import { ListPullRequestFilesHandler } from './list-pull-request-files.handler.js';
import { MergePullRequestHandler } from './merge-pull-request.handler.js';
import { MirrorPullRequestHandler } from './mirror-pull-request.handler.js';
import { ReadPullRequestHandler } from './read-pull-request.handler.js';
import { SetRequestedReviewersHandler } from './set-requested-reviewers.handler.js';
import { UpdatePullRequestBranchHandler } from './update-pull-request-branch.handler.js';
import { UpdatePullRequestHandler } from './update-pull-request.handler.js';

/** Handlers of the jobs about pull requests. */
export function pullRequestHandlers(
  { dataSource, ghes, content }: WorkerResources,
  tracker: PullRequestTracker,
  writes: InteractiveWrites,
): Pick<JobHandlers, keyof typeof pullRequestJobs> {
  return {
    mirrorPullRequest: ignoreDeleted(new MirrorPullRequestHandler(ghes, tracker)),
    readPullRequest: withUserFacingErrors(new ReadPullRequestHandler(dataSource, ghes, tracker)),
    listPullRequestFiles: withUserFacingErrors(new ListPullRequestFilesHandler(dataSource, ghes)),
    fetchPullRequestContent: withUserFacingErrors(new FetchPullRequestContentHandler(dataSource, ghes, content)),
    createPullRequest: withUserFacingErrors(new CreatePullRequestHandler(writes, tracker)),
    updatePullRequest: withUserFacingErrors(new UpdatePullRequestHandler(writes, tracker)),
    mergePullRequest: withUserFacingErrors(new MergePullRequestHandler(writes, tracker)),
    listPullRequestComments: withUserFacingErrors(new ListPullRequestCommentsHandler(dataSource, ghes)),
    createPullRequestComment: withUserFacingErrors(new CreatePullRequestCommentHandler(writes)),
    setRequestedReviewers: withUserFacingErrors(new SetRequestedReviewersHandler(writes)),
    updatePullRequestBranch: withUserFacingErrors(new UpdatePullRequestBranchHandler(writes)),
  };
}
