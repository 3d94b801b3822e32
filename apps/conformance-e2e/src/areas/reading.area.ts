import { deepEqual, equal, ok } from 'node:assert/strict';
import { all, docs } from '../stage.js';
import type { InstalledStage } from '../stage.js';

/** A repository as the worker reads it: branches, commits, and refs over git's protocol. */
export async function readRepository(stage: InstalledStage): Promise<void> {
  const { ghes, asInstallation: client } = stage;
  equal((await ghes.getRepository(client, docs)).full_name, 'acme/docs');
  equal((await ghes.getRepository(client, { ...docs, repo: 'empty' })).default_branch, 'main');
  deepEqual(await all(ghes.listBranches(client, { ...docs, repo: 'empty' })), []);
  const { commit } = await ghes.getBranch(client, { ...docs, branch: 'main' });
  ok((await all(ghes.listBranches(client, docs))).some((branch) => branch.commit.sha === commit.sha));
  equal((await ghes.getRef(client, { ...docs, ref: 'heads/main' })).object.sha, commit.sha);
  equal((await ghes.getCommitObject(client, { ...docs, sha: commit.sha })).sha, commit.sha);

  const lines = pktLines(['command=ls-refs', 'object-format=sha1']) + '0001' + pktLines(['ref-prefix refs/heads/']);
  const { origin } = client.address;
  const { network, installationToken: token } = stage;
  const refs = await ghes.gitUploadPack({ ...docs, origin, network, token, body: `${lines}0000`, command: 'ls-refs' });
  ok(refs.toString('utf8').includes(`${commit.sha} refs/heads/main`));
}

/** https://git-scm.com/docs/gitprotocol-common#_pkt_line_format */
function pktLines(lines: readonly string[]): string {
  return lines.map((line) => `${(line.length + 5).toString(16).padStart(4, '0')}${line}\n`).join('');
}
