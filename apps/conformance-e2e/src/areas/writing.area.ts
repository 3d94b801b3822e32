import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { docs } from '../test-server.js';
import type { TestInstallation } from '../test-server.js';

/**
 * Creates a branch with three commits (two from git objects, one with GraphQL) and a merge commit, and compares it with
 * main.
 *
 * @returns the head of the branch
 */
export async function writeBranch(installation: TestInstallation, branch: string): Promise<string> {
  const { ghes, asInstallation: client } = installation;
  const ref = `heads/${branch}`;
  const { commit: base } = await ghes.getBranch(client, { ...docs, branch: 'main' });
  const blob = await ghes.createBlob(client, { ...docs, content: Buffer.from(`# ${branch}\n`) });
  const baseTree = (await ghes.getCommitObject(client, { ...docs, sha: base.sha })).tree.sha;
  const tree = await ghes.createTree(client, {
    ...docs,
    baseTree,
    tree: [
      { path: `${branch}.md`, mode: '100644', type: 'blob', sha: blob.sha },
      { path: `${branch}.sh`, mode: '100755', type: 'blob', content: 'true\n' },
      { path: 'changelog.md', mode: '100644', type: 'blob', sha: null },
    ],
  });
  const author = { name: 'Ada', email: 'ada@example.com' };
  const parents = [base.sha];
  const commit = await ghes.createCommit(client, {
    ...docs,
    message: `Add ${branch}`,
    tree: tree.sha,
    parents,
    author,
  });
  equal((await ghes.createRef(client, { ...docs, ref, sha: base.sha })).object.sha, base.sha);
  equal((await ghes.updateRef(client, { ...docs, ref, sha: commit.sha })).object.sha, commit.sha);

  const next = await ghes.createCommit(client, { ...docs, message: 'Next', tree: tree.sha, parents: [commit.sha] });
  await moveForward(installation, ref, [commit.sha, next.sha]);

  const { oid } = await ghes.createCommitOnBranch(client, {
    ...docs,
    branch,
    expectedHeadOid: next.sha,
    headline: `Change ${branch}`,
    body: 'By GraphQL.',
    additions: [{ path: `${branch}.md`, contents: Buffer.from(`# ${branch}\n\nMore.\n`) }],
    deletions: [`${branch}.sh`],
  });
  const merging = { ...docs, base: branch, message: 'Merge main' };
  equal(await ghes.mergeBranch(client, { ...merging, head: 'main' }), null);
  const ahead = await ghes.createCommit(client, { ...docs, message: 'Ahead', tree: baseTree, parents });
  const merged = await ghes.mergeBranch(client, { ...merging, head: ahead.sha });
  ok(merged);
  equal(merged.parents[0]?.sha, oid);

  const comparison = await ghes.compareCommits(client, { ...docs, base: 'main', head: branch });
  equal(comparison.status, 'ahead');
  equal(comparison.ahead_by, 5);
  ok(comparison.files?.some(({ filename }) => filename === `${branch}.md`));
  deepEqual(await ghes.countCommitsBetween(client, { ...docs, base: 'main', head: branch }), { ahead: 5, behind: 0 });
  return merged.sha;
}

/** Moves a ref from its current target, and checks that any other expected target is rejected. */
async function moveForward(
  { ghes, asInstallation: client }: TestInstallation,
  ref: string,
  [from, to]: readonly [string, string],
): Promise<void> {
  const { node_id: repositoryNodeId } = await ghes.getRepository(client, docs);
  const move = { ...docs, repositoryNodeId, ref, from, to };
  await ghes.moveRef(client, move);
  await rejects(ghes.moveRef(client, { ...move, from: to, to: from }), { code: 'ghes-validation' });
  await ghes.updateRef(client, { ...docs, ref, sha: from, force: true });
  await rejects(ghes.moveRef(client, { ...move, from: to }), { code: 'ghes-conflict' });
  await ghes.moveRef(client, move);
}

/** Deletes a branch. */
export async function deleteBranch({ ghes, asInstallation: client }: TestInstallation, branch: string): Promise<void> {
  await ghes.deleteRef(client, { ...docs, ref: `heads/${branch}` });
}
