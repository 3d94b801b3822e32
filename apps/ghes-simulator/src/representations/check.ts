import { readCommit } from '../git/commit-object.js';
import type { Ghes } from '../ghes.js';
import { gitOf } from '../repositories/repositories.js';
import { appById } from '../state/lookup.js';
import type { CheckRun, CheckSuite, Repository } from '../state/model.js';
import { nodeId } from '../state/node-id.js';
import { appJson } from './app.js';
import { gitCommitJson } from './commit.js';
import { repositoryJson } from './repository.js';
import { apiUrl, fullName, htmlUrl } from './urls.js';

export function checkRunJson(ghes: Ghes, repository: Repository, run: CheckRun) {
  const name = fullName(ghes, repository);
  const url = apiUrl(ghes, `/repos/${name}/check-runs/${run.id}`);
  const page = htmlUrl(ghes, `/${name}/runs/${run.id}`);
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CheckRun', run.id),
    head_sha: run.headSha,
    external_id: '',
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: null,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: appJson(ghes, appById(ghes.store, run.appId)),
    pull_requests: [],
  };
}

export async function checkSuiteJson(ghes: Ghes, repository: Repository, suite: CheckSuite) {
  const url = apiUrl(ghes, `/repos/${fullName(ghes, repository)}/check-suites/${suite.id}`);
  const runs = ghes.store.state.checkRuns.filter((run) => run.suiteId === suite.id);
  const done = runs.every(({ status }) => status === 'completed');
  const failed = runs.find(({ conclusion }) => conclusion !== 'success');
  const commit = gitCommitJson(ghes, repository, await readCommit(gitOf(ghes, repository), suite.headSha));
  return {
    id: suite.id,
    node_id: nodeId('CheckSuite', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: done ? 'completed' : 'in_progress',
    conclusion: done ? (failed?.conclusion ?? 'success') : null,
    url,
    before: null,
    after: suite.headSha,
    pull_requests: [],
    app: appJson(ghes, appById(ghes.store, suite.appId)),
    repository: repositoryJson(ghes, repository),
    created_at: suite.createdAt,
    updated_at: suite.createdAt,
    head_commit: {
      id: commit.sha,
      tree_id: commit.tree.sha,
      message: commit.message,
      timestamp: commit.committer.date,
      author: { name: commit.author.name, email: commit.author.email },
      committer: { name: commit.committer.name, email: commit.committer.email },
    },
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
  };
}
