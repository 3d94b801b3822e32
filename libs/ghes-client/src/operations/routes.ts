/**
 * The REST operation of each function, as in GitHub's API description. Functions take their route from here, so that this
 * list is complete. Operations that no service calls yet name the feature they are for.
 */
export const routes = {
  getAuthenticatedApp: 'GET /app',
  convertManifestCode: 'POST /app-manifests/{code}/conversions',
  listInstallations: 'GET /app/installations',
  listInstallationRequests: 'GET /app/installation-requests',
  createInstallationAccessToken: 'POST /app/installations/{installation_id}/access_tokens',
  revokeInstallationAccessToken: 'DELETE /installation/token',
  listReposAccessibleToInstallation: 'GET /installation/repositories',
  getWebhookConfigForApp: 'GET /app/hook/config',
  updateWebhookConfigForApp: 'PATCH /app/hook/config',
  listWebhookDeliveries: 'GET /app/hook/deliveries',
  getWebhookDeliveryPage: 'GET /app/hook/deliveries',
  getWebhookDelivery: 'GET /app/hook/deliveries/{delivery_id}',
  redeliverWebhookDelivery: 'POST /app/hook/deliveries/{delivery_id}/attempts',
  getRepository: 'GET /repos/{owner}/{repo}',
  listBranches: 'GET /repos/{owner}/{repo}/branches',
  getBranch: 'GET /repos/{owner}/{repo}/branches/{branch}',
  getBranchProtection: 'GET /repos/{owner}/{repo}/branches/{branch}/protection',
  listBranchRules: 'GET /repos/{owner}/{repo}/rules/branches/{branch}',
  mergeBranch: 'POST /repos/{owner}/{repo}/merges',
  getRef: 'GET /repos/{owner}/{repo}/git/ref/{ref}',
  createRef: 'POST /repos/{owner}/{repo}/git/refs',
  updateRef: 'PATCH /repos/{owner}/{repo}/git/refs/{ref}',
  deleteRef: 'DELETE /repos/{owner}/{repo}/git/refs/{ref}',
  getTree: 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
  createTree: 'POST /repos/{owner}/{repo}/git/trees',
  getBlob: 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
  createBlob: 'POST /repos/{owner}/{repo}/git/blobs',
  getCommitObject: 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
  createCommit: 'POST /repos/{owner}/{repo}/git/commits',
  listCommits: 'GET /repos/{owner}/{repo}/commits',
  compareCommits: 'GET /repos/{owner}/{repo}/compare/{basehead}',
  countCommitsBetween: 'GET /repos/{owner}/{repo}/compare/{basehead}',
  createCommitStatus: 'POST /repos/{owner}/{repo}/statuses/{sha}',
  getCombinedStatus: 'GET /repos/{owner}/{repo}/commits/{ref}/status',
  listCheckRuns: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  createCheckRun: 'POST /repos/{owner}/{repo}/check-runs',
  updateCheckRun: 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
  listPullRequests: 'GET /repos/{owner}/{repo}/pulls',
  getPullRequest: 'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  listPullRequestFiles: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files',
  listPullRequestCommits: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits',
  listPullRequestReviews: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  listReviewComments: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments',
  requestReviewers: 'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
  removeRequestedReviewers: 'DELETE /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
  createPullRequest: 'POST /repos/{owner}/{repo}/pulls',
  updatePullRequest: 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
  mergePullRequest: 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
  updatePullRequestBranch: 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/update-branch',
  createIssueComment: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  updateIssueComment: 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  listIssueComments: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  getAuthenticatedUser: 'GET /user',
  deleteAppToken: 'DELETE /applications/{client_id}/token',
  deleteAppAuthorization: 'DELETE /applications/{client_id}/grant',
  getMeta: 'GET /meta',
} as const;

/** A REST operation of the API description, or the protocol of an operation that the description does not cover. */
export type GhesOperation = { method: string; route: string } | 'graphql' | 'git' | 'web';

/** Every operation by the name of its function. The conformance test checks each against the API descriptions. */
export const ghesOperations: Readonly<Record<string, GhesOperation>> = {
  ...Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, restOperation(route)])),
  createCommitOnBranch: 'graphql',
  getMergeCommit: 'graphql',
  moveRef: 'graphql',
  setPullRequestDraft: 'graphql',
  gitUploadPack: 'git',
  streamUploadPack: 'git',
  exchangeUserCode: 'web',
  refreshUserToken: 'web',
};

function restOperation(text: string): GhesOperation {
  const [method = '', route = ''] = text.split(' ');
  return { method, route };
}
