import { deepEqual, equal, ok } from 'node:assert/strict';
import { all, docs } from '../stage.js';
import type { InstalledStage } from '../stage.js';

/** A repository as the worker reads it: branches, trees, blobs, files, archive, git itself. */
export async function readRepository(stage: InstalledStage): Promise<void> {
  const { ghes, asInstallation: client } = stage;
  equal((await ghes.getRepository(client, docs)).full_name, 'acme/docs');
  equal((await ghes.getRepository(client, { ...docs, repo: 'empty' })).default_branch, 'main');
  deepEqual(await all(ghes.listBranches(client, { ...docs, repo: 'empty' })), []);
  const { commit } = await ghes.getBranch(client, { ...docs, branch: 'main' });
  ok((await all(ghes.listBranches(client, docs))).some((branch) => branch.commit.sha === commit.sha));
  equal((await ghes.getRef(client, { ...docs, ref: 'heads/main' })).object.sha, commit.sha);
  equal((await ghes.getCommit(client, { ...docs, ref: 'main' })).sha, commit.sha);
  const { tree } = await ghes.getCommitObject(client, { ...docs, sha: commit.sha });
  await readFiles(stage, tree.sha);

  const lines = pktLines(['command=ls-refs', 'object-format=sha1']) + '0001' + pktLines(['ref-prefix refs/heads/']);
  const { origin } = client.address;
  const { network, installationToken: token } = stage;
  const refs = await ghes.gitUploadPack({ ...docs, origin, network, token, body: `${lines}0000` });
  ok(refs.toString('utf8').includes(`${commit.sha} refs/heads/main`));
}

async function readFiles({ ghes, asInstallation: client }: InstalledStage, treeSha: string): Promise<void> {
  equal((await ghes.getTree(client, { ...docs, treeSha })).truncated, false);
  const { tree } = await ghes.getTree(client, { ...docs, treeSha, recursive: true });
  const index = tree.find(({ path }) => path === 'index.md');
  ok(index);
  const blob = await ghes.getBlob(client, { ...docs, sha: index.sha });
  const blobs = await ghes.readBlobs(client, { ...docs, oids: [index.sha] });
  deepEqual(blobs.get(index.sha), blob.content);

  const file = await ghes.getRepositoryContent(client, { ...docs, path: 'index.md', ref: 'main' });
  ok(!Array.isArray(file) && file.sha === index.sha);
  ok(Array.isArray(await ghes.getRepositoryContent(client, { ...docs, path: 'guides' })));
  const image = tree.find(({ path }) => path.endsWith('.png'));
  ok(image);
  await ghes.getRepositoryContent(client, { ...docs, path: image.path });

  const tar = await ghes.downloadRepositoryArchive(client, { ...docs, ref: 'main' });
  ok(tar.includes('/index.md'));
}

/** https://git-scm.com/docs/gitprotocol-common#_pkt_line_format */
function pktLines(lines: readonly string[]): string {
  return lines.map((line) => `${(line.length + 5).toString(16).padStart(4, '0')}${line}\n`).join('');
}
