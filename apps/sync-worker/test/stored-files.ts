import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openContentStore } from '@reunite/content-store';
import { encodePack, hashObject, serializeTree } from '@reunite/git-objects';
import type { GitObject, TreeEntry } from '@reunite/git-objects';
import { defaultBuildLimits } from '@reunite/site-builder';

/** Stores files in a new content store. Returns its folder, and the source that a task reads them from. */
export async function storeFiles(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'sync-worker-content-'));
  const contentUrl = pathToFileURL(join(folder, 'content')).href;
  const objects: GitObject[] = [];
  const add = (type: GitObject['type'], body: Buffer) => {
    objects.push({ type, body });
    return hashObject(type, body);
  };
  const entries = Object.entries(files).map(([name, text]): TreeEntry => ({
    mode: '100644',
    name,
    id: add('blob', Buffer.from(text)),
  }));
  const tree = add('tree', serializeTree(entries));
  const commit = add(
    'commit',
    Buffer.from(`tree ${tree}\nauthor A <a@b.c> 1 +0000\ncommitter A <a@b.c> 1 +0000\n\nx\n`),
  );
  const store = openContentStore(contentUrl);
  await store.repository('rep_1').ingestPack([encodePack(objects).pack], { commit });
  await store.close();
  return { folder, source: { contentUrl, repositoryId: 'rep_1', tree, limits: defaultBuildLimits } };
}
