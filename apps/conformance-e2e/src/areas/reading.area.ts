import { deepEqual, equal, ok } from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
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
  equal((await all(ghes.listCommits(client, { ...docs, sha: commit.sha, path: '' }))).at(0)?.sha, commit.sha);
  equal((await ghes.getRef(client, { ...docs, ref: 'heads/main' })).object.sha, commit.sha);
  const { sha, tree } = await ghes.getCommitObject(client, { ...docs, sha: commit.sha });
  equal(sha, commit.sha);
  const entries = (await ghes.getTree(client, { ...docs, sha: tree.sha, recursive: true })).tree;
  const file = entries.find(({ mode }) => mode === '100644');
  ok(file);
  ok((await ghes.getBlob(client, { ...docs, sha: file.sha })).length > 0);

  const { origin } = client.address;
  const { network, installationToken: token } = installation;
  const git = { ...docs, origin, network, token };
  const listing = gitRequest('ls-refs', ['ref-prefix refs/heads/']);
  const refs = await ghes.gitUploadPack({ ...git, body: listing, command: 'ls-refs' });
  ok(refs.toString('utf8').includes(`${commit.sha} refs/heads/main`));
  const fetch = { ...git, body: gitRequest('fetch', ['deepen 1', `want ${commit.sha}`, 'done']) };
  ok((await ghes.streamUploadPack(fetch, buffer)).includes('PACK'));
}

/** https://git-scm.com/docs/protocol-v2#_command_request */
function gitRequest(command: string, parameters: readonly string[]): string {
  return `${pktLines([`command=${command}`, 'object-format=sha1'])}0001${pktLines(parameters)}0000`;
}

/** https://git-scm.com/docs/gitprotocol-common#_pkt_line_format */
function pktLines(lines: readonly string[]): string {
  return lines.map((line) => `${(line.length + 5).toString(16).padStart(4, '0')}${line}\n`).join('');
}
