import { deepEqual, equal } from 'node:assert/strict';
import { all, docs } from '../test-server.js';
import type { TestInstallation } from '../test-server.js';

const context = 'conformance/build';

/** Reads and writes the statuses and check runs of a commit, and reads the protection of its branch. */
export async function reportCommitStatus(installation: TestInstallation): Promise<void> {
  const { ghes, simulator, app, asInstallation: client } = installation;
  const ref = 'main';
  const { commit } = await ghes.getBranch(client, { ...docs, branch: ref });
  const about = { ...docs, sha: commit.sha, context, description: 'It is built.', targetUrl: 'http://localhost:1/' };
  await ghes.createCommitStatus(client, { ...about, state: 'pending' });
  await ghes.createCommitStatus(client, { ...about, state: 'success' });
  equal((await ghes.getCombinedStatus(client, { ...docs, ref })).state, 'success');

  const check = { repository: 'acme/docs', app: app.slug, ref, name: 'links' };
  await simulator.send('/check-runs', { ...check, conclusion: 'failure', title: 'Dead links', summary: 'One.' });
  await simulator.send('/check-runs', { ...check, name: 'spelling', status: 'in_progress' });
  const runs = await all(ghes.listCheckRuns(client, { ...docs, ref }));
  deepEqual(runs.map(({ name }) => name).sort(), ['links', 'spelling']);
  const { id: checkRunId } = await ghes.createCheckRun(client, {
    ...docs,
    ...{ sha: commit.sha, name: 'findings', detailsUrl: 'http://localhost:1/', conclusion: null },
    ...{ title: 'One problem', summary: 'One.' },
    annotations: [{ path: 'index.md', line: 1, column: 2, level: 'warning', title: 'rule', message: 'A dead link.' }],
  });
  const finished = { ...docs, checkRunId, conclusion: 'neutral', title: 'One problem', summary: 'One.' } as const;
  equal((await ghes.updateCheckRun(client, finished)).conclusion, 'neutral');
  await protectBranch(installation);
}

async function protectBranch({ ghes, simulator, asInstallation: client }: TestInstallation): Promise<void> {
  const main = { ...docs, branch: 'main' };
  equal(await ghes.getBranchProtection(client, main), null);
  deepEqual(await all(ghes.listBranchRules(client, main)), []);
  const rule = { repository: 'acme/docs', branch: 'main', requiredContexts: [context], requiredApprovals: 1 };
  await simulator.send('/protections', { ...rule, strict: true, enforceAdmins: true }, 'PUT');
  const protection = await ghes.getBranchProtection(client, main);
  deepEqual(protection?.required_status_checks?.contexts, [context]);
  equal((await ghes.getBranch(client, main)).protected, true);
}
