import type { GhesClient } from '../src/client.js';
import * as operations from '../src/operations/index.js';
import type { routes } from '../src/operations/routes.js';

/** A call of an operation, with the request line and body that it must send. */
type Call = [run: (client: GhesClient) => unknown, line: string, body?: unknown];

const docs = { owner: 'acme', repo: 'docs' };
const pull = { ...docs, number: 4 };
const sha = 'b'.repeat(40);
const at = '/repos/acme/docs';
const user = { clientId: 'Iv1.x', accessToken: 't' };

/** One call for each REST operation; a missing one is a compile error. */
export const operationCalls: Record<keyof typeof routes, Call> = {
  getAuthenticatedApp: [(c) => operations.getAuthenticatedApp(c), '/app'],
  convertManifestCode: [(c) => operations.convertManifestCode(c, { code: 'x' }), '/app-manifests/x/conversions'],
  listInstallations: [(c) => operations.listInstallations(c), '/app/installations?per_page=100'],
  listInstallationRequests: [(c) => operations.listInstallationRequests(c), '/app/installation-requests?per_page=100'],
  createInstallationAccessToken: [
    (c) => operations.createInstallationAccessToken(c, { installationId: 7, repositoryIds: [5] }),
    '/app/installations/7/access_tokens',
    { repository_ids: [5] },
  ],
  revokeInstallationAccessToken: [(c) => operations.revokeInstallationAccessToken(c), '/installation/token'],
  listReposAccessibleToInstallation: [
    (c) => operations.listReposAccessibleToInstallation(c),
    '/installation/repositories?per_page=100',
  ],
  getWebhookConfigForApp: [(c) => operations.getWebhookConfigForApp(c), '/app/hook/config'],
  updateWebhookConfigForApp: [
    (c) => operations.updateWebhookConfigForApp(c, { url: 'https://us/' }),
    '/app/hook/config',
    { content_type: 'json', insecure_ssl: '0', url: 'https://us/' },
  ],
  listWebhookDeliveries: [
    (c) => operations.listWebhookDeliveries(c, { status: 'failure' }),
    '/app/hook/deliveries?per_page=100&status=failure',
  ],
  getWebhookDeliveryPage: [
    (c) => operations.getWebhookDeliveryPage(c, { cursor: 'v1_9' }),
    '/app/hook/deliveries?per_page=100&cursor=v1_9',
  ],
  getWebhookDelivery: [(c) => operations.getWebhookDelivery(c, { deliveryId: '9' }), '/app/hook/deliveries/9'],
  redeliverWebhookDelivery: [
    (c) => operations.redeliverWebhookDelivery(c, { deliveryId: '9' }),
    '/app/hook/deliveries/9/attempts',
  ],
  getRepository: [(c) => operations.getRepository(c, docs), at],
  listBranches: [(c) => operations.listBranches(c, docs), `${at}/branches?per_page=100`],
  getBranch: [(c) => operations.getBranch(c, { ...docs, branch: 'a/b' }), `${at}/branches/a%2Fb`],
  getBranchProtection: [
    (c) => operations.getBranchProtection(c, { ...docs, branch: 'main' }),
    `${at}/branches/main/protection`,
  ],
  listBranchRules: [
    (c) => operations.listBranchRules(c, { ...docs, branch: 'docs/topic' }),
    `${at}/rules/branches/docs%2Ftopic?per_page=100`,
  ],
  mergeBranch: [
    (c) => operations.mergeBranch(c, { ...docs, base: 'a', head: sha, message: 'm' }),
    `${at}/merges`,
    { base: 'a', head: sha, commit_message: 'm' },
  ],
  getRef: [(c) => operations.getRef(c, { ...docs, ref: 'heads/a' }), `${at}/git/ref/heads%2Fa`],
  createRef: [
    (c) => operations.createRef(c, { ...docs, ref: 'heads/a', sha }),
    `${at}/git/refs`,
    { ref: 'refs/heads/a', sha },
  ],
  updateRef: [
    (c) => operations.updateRef(c, { ...docs, ref: 'heads/a', sha }),
    `${at}/git/refs/heads%2Fa`,
    { sha, force: false },
  ],
  deleteRef: [(c) => operations.deleteRef(c, { ...docs, ref: 'heads/a' }), `${at}/git/refs/heads%2Fa`],
  createTree: [
    (c) =>
      operations.createTree(c, { ...docs, tree: [{ path: 'a', mode: '100755', type: 'blob', sha }], baseTree: sha }),
    `${at}/git/trees`,
    { base_tree: sha, tree: [{ path: 'a', mode: '100755', type: 'blob', sha }] },
  ],
  getTree: [(c) => operations.getTree(c, { ...docs, sha, recursive: true }), `${at}/git/trees/${sha}?recursive=1`],
  getBlob: [(c) => operations.getBlob(c, { ...docs, sha }), `${at}/git/blobs/${sha}`],
  createBlob: [
    (c) => operations.createBlob(c, { ...docs, content: Buffer.from([0, 255]) }),
    `${at}/git/blobs`,
    { content: 'AP8=', encoding: 'base64' },
  ],
  getCommitObject: [(c) => operations.getCommitObject(c, { ...docs, sha }), `${at}/git/commits/${sha}`],
  createCommit: [
    (c) => operations.createCommit(c, { ...docs, message: 'm', tree: sha, parents: [sha] }),
    `${at}/git/commits`,
    { message: 'm', tree: sha, parents: [sha] },
  ],
  compareCommits: [
    (c) => operations.compareCommits(c, { ...docs, base: 'main', head: 'fork:a/b' }),
    `${at}/compare/main...fork%3Aa%2Fb`,
  ],
  countCommitsBetween: [
    (c) => operations.countCommitsBetween(c, { ...docs, base: 'main', head: 'a/b' }),
    `${at}/compare/main...a%2Fb?per_page=1&page=2`,
  ],
  listCommits: [
    (c) => operations.listCommits(c, { ...docs, sha, path: 'a/b.md', page: 2, perPage: 5 }),
    `${at}/commits?per_page=5&sha=${sha}&path=a%2Fb.md&page=2`,
  ],
  createCommitStatus: [
    (c) => operations.createCommitStatus(c, { ...docs, sha, state: 'pending', context: 'x', targetUrl: 'https://us/' }),
    `${at}/statuses/${sha}`,
    { state: 'pending', context: 'x', target_url: 'https://us/' },
  ],
  getCombinedStatus: [
    (c) => operations.getCombinedStatus(c, { ...docs, ref: 'main' }),
    `${at}/commits/main/status?per_page=100`,
  ],
  createCheckRun: [
    (c) =>
      operations.createCheckRun(c, {
        ...docs,
        ...{ sha, name: 'n', detailsUrl: 'https://us/', conclusion: null, title: 't', summary: 's' },
        annotations: [{ path: 'a.md', line: 2, column: 3, level: 'warning', title: 'rule', message: 'm' }],
      }),
    `${at}/check-runs`,
    {
      head_sha: sha,
      name: 'n',
      details_url: 'https://us/',
      status: 'in_progress',
      output: {
        title: 't',
        summary: 's',
        annotations: [
          {
            path: 'a.md',
            ...{ start_line: 2, end_line: 2, start_column: 3, end_column: 3 },
            ...{ annotation_level: 'warning', title: 'rule', message: 'm' },
          },
        ],
      },
    },
  ],
  updateCheckRun: [
    (c) => operations.updateCheckRun(c, { ...docs, checkRunId: 9, conclusion: 'success', title: 't', summary: 's' }),
    `${at}/check-runs/9`,
    { status: 'completed', conclusion: 'success', output: { title: 't', summary: 's', annotations: [] } },
  ],
  listCheckRuns: [
    (c) => operations.listCheckRuns(c, { ...docs, ref: 'main' }),
    `${at}/commits/main/check-runs?per_page=100`,
  ],
  listPullRequests: [
    (c) => operations.listPullRequests(c, { ...docs, state: 'all' }),
    `${at}/pulls?per_page=100&state=all`,
  ],
  getPullRequest: [(c) => operations.getPullRequest(c, pull), `${at}/pulls/4`],
  listPullRequestFiles: [(c) => operations.listPullRequestFiles(c, pull), `${at}/pulls/4/files?per_page=100`],
  listPullRequestCommits: [(c) => operations.listPullRequestCommits(c, pull), `${at}/pulls/4/commits?per_page=100`],
  listPullRequestReviews: [(c) => operations.listPullRequestReviews(c, pull), `${at}/pulls/4/reviews?per_page=100`],
  listReviewComments: [(c) => operations.listReviewComments(c, pull), `${at}/pulls/4/comments?per_page=100`],
  requestReviewers: [
    (c) => operations.requestReviewers(c, { ...pull, reviewers: ['hubot'], teamReviewers: ['writers'] }),
    `${at}/pulls/4/requested_reviewers`,
    { reviewers: ['hubot'], team_reviewers: ['writers'] },
  ],
  removeRequestedReviewers: [
    (c) => operations.removeRequestedReviewers(c, { ...pull, reviewers: ['hubot'], teamReviewers: [] }),
    `${at}/pulls/4/requested_reviewers`,
    { reviewers: ['hubot'], team_reviewers: [] },
  ],
  createPullRequest: [
    (c) => operations.createPullRequest(c, { ...docs, title: 't', head: 'a', base: 'main', draft: true }),
    `${at}/pulls`,
    { title: 't', head: 'a', base: 'main', draft: true },
  ],
  updatePullRequest: [
    (c) => operations.updatePullRequest(c, { ...pull, state: 'closed' }),
    `${at}/pulls/4`,
    { state: 'closed' },
  ],
  mergePullRequest: [
    (c) => operations.mergePullRequest(c, { ...pull, sha, method: 'squash' }),
    `${at}/pulls/4/merge`,
    { sha, merge_method: 'squash' },
  ],
  updatePullRequestBranch: [
    (c) => operations.updatePullRequestBranch(c, { ...pull, sha }),
    `${at}/pulls/4/update-branch`,
    { expected_head_sha: sha },
  ],
  createIssueComment: [
    (c) => operations.createIssueComment(c, { ...pull, body: 'b' }),
    `${at}/issues/4/comments`,
    { body: 'b' },
  ],
  updateIssueComment: [
    (c) => operations.updateIssueComment(c, { ...docs, commentId: 9, body: 'b' }),
    `${at}/issues/comments/9`,
    { body: 'b' },
  ],
  listIssueComments: [
    (c) => operations.listIssueComments(c, { ...pull, since: new Date(0) }),
    `${at}/issues/4/comments?per_page=100&since=1970-01-01T00%3A00%3A00.000Z`,
  ],
  getAuthenticatedUser: [(c) => operations.getAuthenticatedUser(c), '/user'],
  deleteAppToken: [(c) => operations.deleteAppToken(c, user), '/applications/Iv1.x/token', { access_token: 't' }],
  deleteAppAuthorization: [
    (c) => operations.deleteAppAuthorization(c, user),
    '/applications/Iv1.x/grant',
    { access_token: 't' },
  ],
  getMeta: [(c) => operations.getMeta(c), '/meta'],
};
