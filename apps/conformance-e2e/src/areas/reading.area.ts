import { deepEqual, equal, ok } from 'node:assert/strict';
import { all, docs } from '../test-server.js';
import type { TestInstallation } from '../test-server.js';

/** Reads a repository as the worker does: branches, commits, and refs over git's protocol. */
export async function readRepository(installation: TestInstallation): Promise<void> {
  const { ghes, asInstallation: client } = installation;
  equal((await ghes.getRepository(client, docs)).full_name, 'acme/docs');
  equal((await ghes.getRepository(client, { ...docs, repo: 'empty' })).default_branch, 'main');
  deepEqual(await all(ghes.listBranches(client, { ...docs, repo: 'empty' })), []);
  const { commit } = await ghes.getBranch(client, { ...docs, branch: 'main' });
  ok((await all(ghes.listBranches(client, docs))).some((branch) => branch.commit.sha === commit.sha));
  equal((await ghes.getRef(client, { ...docs, ref: 'heads/main' })).object.sha, commit.sha);
  equal((await ghes.getCommitObject(client, { ...docs, sha: commit.sha })).sha, commit.sha);

  const lines = pktLines(['command=ls-refs', 'object-format=sha1']) + '0001' + pktLines(['ref-prefix refs/heads/']);
  const { origin } = client.address;
  const { network, installationToken: token } = installation;
  const refs = await ghes.gitUploadPack({ ...docs, origin, network, token, body: `${lines}0000`, command: 'ls-refs' });
  ok(refs.toString('utf8').includes(`${commit.sha} refs/heads/main`));
}

/** https://git-scm.com/docs/gitprotocol-common#_pkt_line_format */
function pktLines(lines: readonly string[]): string {
  return lines.map((line) => `${(line.length + 5).toString(16).padStart(4, '0')}${line}\n`).join('');
}
