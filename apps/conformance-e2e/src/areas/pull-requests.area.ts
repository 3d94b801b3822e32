import { deepEqual, equal, ok } from 'node:assert/strict';
import { all, docs } from '../test-server.js';
import type { TestInstallation } from '../test-server.js';
import { deleteBranch, writeBranch } from './writing.area.js';

/** Creates, reads, updates and merges a pull request. */
export async function mergePullRequest(installation: TestInstallation): Promise<void> {
  const { ghes, simulator, asInstallation: client } = installation;
  const sha = await writeBranch(installation, 'topic');
  const opening = { ...docs, title: 'Topic', head: 'topic', base: 'main', body: 'What it is about.', draft: false };
  const { number } = await ghes.createPullRequest(client, opening);
  const pull = { ...docs, number };
  const requested = { ...pull, reviewers: ['hubot'], teamReviewers: [] };
  equal((await ghes.requestReviewers(client, requested)).requested_reviewers?.at(0)?.login, 'hubot');
  deepEqual((await ghes.removeRequestedReviewers(client, requested)).requested_reviewers, []);
  const comments = [{ path: 'topic.md', line: 1, body: 'Better.' }];
  const review = { repository: 'acme/docs', number, login: 'hubot', event: 'APPROVE', body: 'Good', comments };
  await simulator.send('/reviews', review);
  await readPullRequest(installation, number, sha);
  equal((await ghes.updatePullRequest(client, { ...pull, title: 'The topic' })).title, 'The topic');
  equal((await ghes.updatePullRequest(client, { ...pull, state: 'closed' })).state, 'closed');
  equal((await ghes.updatePullRequest(client, { ...pull, state: 'open' })).state, 'open');

  await commentOnPullRequest(installation, number);

  const nodeId = (await ghes.getPullRequest(client, pull)).node_id;
  await ghes.setPullRequestDraft(client, { nodeId, draft: true });
  equal((await ghes.getPullRequest(client, pull)).draft, true);
  await ghes.setPullRequestDraft(client, { nodeId, draft: false });
  equal((await ghes.getPullRequest(client, pull)).draft, false);

  const { commit: main } = await ghes.getBranch(client, { ...docs, branch: 'main' });
  const additions = [{ path: 'ahead.md', contents: Buffer.from('# Ahead\n') }];
  const change = { ...docs, branch: 'main', expectedHeadOid: main.sha, headline: 'Move main', additions };
  await ghes.createCommitOnBranch(client, change);
  await ghes.updatePullRequestBranch(client, { ...pull, sha });
  const { head } = await ghes.getPullRequest(client, pull);
  const merged = await ghes.mergePullRequest(client, { ...pull, sha: head.sha, method: 'squash', title: 'Topic' });
  equal(merged.merged, true);
  ok((await ghes.getPullRequest(client, pull)).merged);
  equal(await ghes.getMergeCommit(client, { nodeId }), merged.sha);
  await deleteBranch(installation, 'topic');
  deepEqual(await all(ghes.listPullRequests(client, docs)), []);
}

async function readPullRequest(installation: TestInstallation, number: number, sha: string): Promise<void> {
  const { ghes, asInstallation: client } = installation;
  const pull = { ...docs, number };
  equal((await ghes.getPullRequest(client, pull)).head.sha, sha);
  const filter = { state: 'all', head: 'acme:topic', base: 'main' } as const;
  equal((await all(ghes.listPullRequests(client, { ...docs, ...filter }))).length, 1);
  ok((await all(ghes.listPullRequestFiles(client, pull))).some(({ filename }) => filename === 'topic.md'));
  equal((await all(ghes.listPullRequestCommits(client, pull))).at(-1)?.sha, sha);
  equal((await all(ghes.listReviewComments(client, pull))).at(0)?.body, 'Better.');
  deepEqual(
    (await all(ghes.listPullRequestReviews(client, pull))).map(({ state }) => state),
    ['APPROVED'],
  );
}

async function commentOnPullRequest({ ghes, asInstallation: client }: TestInstallation, number: number): Promise<void> {
  const pull = { ...docs, number };
  const { id: commentId } = await ghes.createIssueComment(client, { ...pull, body: 'Building.' });
  equal((await ghes.updateIssueComment(client, { ...docs, commentId, body: 'Built.' })).body, 'Built.');
  const comments = await all(ghes.listIssueComments(client, { ...pull, since: new Date(0) }));
  deepEqual(
    comments.map(({ id, body }) => ({ id, body })),
    [{ id: commentId, body: 'Built.' }],
  );
}
