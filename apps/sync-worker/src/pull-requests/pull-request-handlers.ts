import type { pullRequestJobs } from '@reunite/contracts';
import type { JobHandlers } from '@reunite/queueing';
import { dropWhenGone } from '../connections/drop-when-gone.js';
import type { WorkerResources } from '../resources.js';
import { CreatePullRequestHandler } from './create-pull-request.handler.js';
import { FetchPullRequestContentHandler } from './fetch-pull-request-content.handler.js';
import { ListPullRequestFilesHandler } from './list-pull-request-files.handler.js';
import { MergePullRequestHandler } from './merge-pull-request.handler.js';
import { MirrorPullRequestHandler } from './mirror-pull-request.handler.js';
import { PullRequestWrites } from './pull-request-access.js';
import type { PullRequestMirror } from './pull-request-mirror.js';
import { ReadPullRequestHandler } from './read-pull-request.handler.js';
import { telling } from '../interactive/told-to-people.js';
import { UpdatePullRequestBranchHandler } from './update-pull-request-branch.handler.js';
import { UpdatePullRequestHandler } from './update-pull-request.handler.js';

/** The handlers of all jobs about pull requests. */
export function pullRequestHandlers(
  { dataSource, ghes, content }: Pick<WorkerResources, 'dataSource' | 'ghes' | 'content'>,
  mirror: PullRequestMirror,
): Pick<JobHandlers, keyof typeof pullRequestJobs> {
  const writes = new PullRequestWrites(dataSource, ghes, mirror);
  return {
    mirrorPullRequest: dropWhenGone(new MirrorPullRequestHandler(ghes, mirror)),
    readPullRequest: telling(new ReadPullRequestHandler(dataSource, ghes, mirror)),
    listPullRequestFiles: telling(new ListPullRequestFilesHandler(dataSource, ghes)),
    fetchPullRequestContent: telling(new FetchPullRequestContentHandler(dataSource, ghes, content)),
    createPullRequest: telling(new CreatePullRequestHandler(writes)),
    updatePullRequest: telling(new UpdatePullRequestHandler(writes)),
    mergePullRequest: telling(new MergePullRequestHandler(writes)),
    updatePullRequestBranch: telling(new UpdatePullRequestBranchHandler(writes)),
  };
}
