/**
 * The REST operation behind each function, written as in GitHub's description of its API. The functions take their route from here, so
 * that what is listed is what is called.
 */
export const routes = {
  getAuthenticatedApp: 'GET /app',
  convertManifestCode: 'POST /app-manifests/{code}/conversions',
  listInstallations: 'GET /app/installations',
  getInstallation: 'GET /app/installations/{installation_id}',
  createInstallationAccessToken: 'POST /app/installations/{installation_id}/access_tokens',
  revokeInstallationAccessToken: 'DELETE /installation/token',
  listReposAccessibleToInstallation: 'GET /installation/repositories',
  listInstallationsForAuthenticatedUser: 'GET /user/installations',
  getWebhookConfigForApp: 'GET /app/hook/config',
  updateWebhookConfigForApp: 'PATCH /app/hook/config',
  listWebhookDeliveries: 'GET /app/hook/deliveries',
  getWebhookDelivery: 'GET /app/hook/deliveries/{delivery_id}',
  redeliverWebhookDelivery: 'POST /app/hook/deliveries/{delivery_id}/attempts',
  getRepository: 'GET /repos/{owner}/{repo}',
  getRepositoryContent: 'GET /repos/{owner}/{repo}/contents/{path}',
  downloadRepositoryArchive: 'GET /repos/{owner}/{repo}/tarball/{ref}',
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
  getCommit: 'GET /repos/{owner}/{repo}/commits/{ref}',
  compareCommits: 'GET /repos/{owner}/{repo}/compare/{basehead}',
  listPullRequestsAssociatedWithCommit: 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls',
  createCommitStatus: 'POST /repos/{owner}/{repo}/statuses/{sha}',
  getCombinedStatus: 'GET /repos/{owner}/{repo}/commits/{ref}/status',
  listCommitStatuses: 'GET /repos/{owner}/{repo}/commits/{ref}/statuses',
  listCheckRuns: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  listCheckSuites: 'GET /repos/{owner}/{repo}/commits/{ref}/check-suites',
  listPullRequests: 'GET /repos/{owner}/{repo}/pulls',
  getPullRequest: 'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  listPullRequestFiles: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files',
  listPullRequestCommits: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits',
  listPullRequestReviews: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  createPullRequest: 'POST /repos/{owner}/{repo}/pulls',
  updatePullRequest: 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
  mergePullRequest: 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
  updatePullRequestBranch: 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/update-branch',
  listOrgMembers: 'GET /orgs/{org}/members',
  getOrgMembershipForUser: 'GET /orgs/{org}/memberships/{username}',
  getUser: 'GET /users/{username}',
  getAuthenticatedUser: 'GET /user',
  listEmailsForAuthenticatedUser: 'GET /user/emails',
  deleteAppToken: 'DELETE /applications/{client_id}/token',
  deleteAppAuthorization: 'DELETE /applications/{client_id}/grant',
  getMeta: 'GET /meta',
  getRateLimit: 'GET /rate_limit',
} as const;

/** What an operation is on the wire: a described REST operation, or one of the ways that no OpenAPI description covers. */
export type GhesOperation = { method: string; route: string } | 'graphql' | 'git' | 'web';

/** Every operation of this client by the name of its function. The conformance run proves each of them against the descriptions. */
export const ghesOperations: Readonly<Record<string, GhesOperation>> = {
  ...Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, restOperation(route)])),
  readBlobs: 'graphql',
  createCommitOnBranch: 'graphql',
  moveRef: 'graphql',
  setPullRequestDraft: 'graphql',
  gitUploadPack: 'git',
  exchangeUserCode: 'web',
  refreshUserToken: 'web',
};

function restOperation(text: string): GhesOperation {
  const [method = '', route = ''] = text.split(' ');
  return { method, route };
}
