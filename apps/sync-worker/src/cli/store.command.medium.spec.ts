import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openBlobStorage } from '@reunite/blob-storage';
import type { BlobStorage } from '@reunite/blob-storage';
import { openContentStore } from '@reunite/content-store';
import type { ContentStore } from '@reunite/content-store';
import { newId } from '@reunite/contracts';
import { fetchRequest, readPackfile } from '@reunite/git-objects';
import { SiteArchiveWriter } from '@reunite/site-archive';
import { GitServer } from '@reunite/testing';
import { ArtifactStore } from '../builds/artifact-store.js';
import { storeCommand } from './store.command.js';

describe('npm run store', () => {
  const git = new GitServer();
  let commit: string;
  let root: string;
  let content: ContentStore;
  let artifacts: BlobStorage;
  let requested: string[];

  beforeAll(() => {
    commit = git.push('main', { 'index.md': 'Home\n'.repeat(100), 'docs/a.md': 'A page' }).after;
  });
  afterAll(() => git.remove());
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'store-command-'));
    content = openContentStore(pathToFileURL(join(root, 'content')));
    artifacts = openBlobStorage(pathToFileURL(join(root, 'artifacts')));
    requested = [];
    await sync(content);
    const sites = new ArtifactStore(artifacts, join(root, 'builds'));
    const owner = { deploymentId: newId('deployment'), projectId: newId('project') };
    await sites.publish(owner, async (folder) => {
      const site = await SiteArchiveWriter.open(folder);
      await site.write({ path: 'index.html', body: '<h1>Home</h1>' });
      await site.finish();
    });
  });
  afterEach(async () => {
    await Promise.all([content.close(), artifacts.close()]);
    rmSync(root, { recursive: true, force: true });
  });

  /** Fetches the whole snapshot, unless it is complete. */
  async function sync(store: ContentStore): Promise<void> {
    const objects = store.repository('rep_1');
    if (await objects.hasSnapshot(commit)) return;
    const body = fetchRequest({ wants: [commit], depth: 1 });
    await objects.ingestPack(readPackfile([await git.uploadPack(body)]), { commit });
  }

  async function run(...args: string[]): Promise<{ code: number; output: string }> {
    const lines: string[] = [];
    const requestSyncs = (id: string) => Promise.resolve(void requested.push(id));
    const collectContent = (id: string, hours: number) =>
      content.repository(id).collect({ before: new Date(Date.now() - hours * 3_600_000 + 1), roots: [commit] });
    const write = (line: string) => void lines.push(line);
    const code = await storeCommand(args, { content, artifacts, collectContent, requestSyncs, write });
    return { code, output: lines.join('\n') };
  }

  function flipBit(folder: string, at: number): void {
    const [name = ''] = readdirSync(folder).filter((file) => !file.endsWith('.json'));
    const bytes = readFileSync(join(folder, name));
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(join(folder, name), bytes);
  }

  it('finds nothing damaged, and counts what is stored', async () => {
    expect(await run('verify')).toEqual({ code: 0, output: 'Nothing is damaged.' });
    expect((await run('stats')).output).toContain('rep_1: 5 objects in 1 packs');
  });

  it('finds a flipped bit in content, and the next sync repairs it', async () => {
    const packs = join(root, 'content/rep_1/packs');
    flipBit(packs, readFileSync(join(packs, readdirSync(packs)[0] ?? '')).length - 25);
    const { code, output } = await run('verify', '--repair');
    expect([code, requested]).toEqual([1, ['rep_1']]);
    expect(output).toMatch(/rep_1: object [0-9a-f]{40} is damaged/);
    expect(await content.repository('rep_1').hasSnapshot(commit)).toBe(false);
    await sync(content);
    expect(await run('verify')).toEqual({ code: 0, output: 'Nothing is damaged.' });
    const { tree } = await content.repository('rep_1').readCommit(commit);
    for await (const { id } of content.repository('rep_1').walk(tree)) await content.repository('rep_1').read(id);
  });

  it('removes the content of a repository whose index is damaged, so that it is synced again', async () => {
    flipBit(join(root, 'content/rep_1/index'), 30);
    await content.close();
    content = openContentStore(pathToFileURL(join(root, 'content')));
    expect((await run('verify')).code).toBe(1);
    expect(requested).toEqual([]);
    await run('verify', '--repair');
    expect(requested).toEqual(['rep_1']);
    await sync(content);
    expect((await run('verify')).code).toBe(0);
  });

  it('finds a flipped bit in a site', async () => {
    const [project = ''] = readdirSync(join(root, 'artifacts/packs'));
    flipBit(join(root, 'artifacts/packs', project), 5);
    const { code, output } = await run('verify');
    expect([code, output]).toEqual([1, expect.stringContaining('the file index.html is damaged')]);
  });

  it('reports what it removed', async () => {
    const sites = '0 packs of sites marked as unused, 0 removed (0.0 MB)';
    const packs = '0 packs merged, 0 removed (0.0 MB)';
    expect((await run('gc')).output).toBe(`rep_1: 0 objects marked as unreachable, 0 removed; ${packs}\n${sites}`);
    const other = git.push('other', { 'other.md': 'Other' }).after;
    const body = fetchRequest({ wants: [other], depth: 1 });
    await content.repository('rep_1').ingestPack(readPackfile([await git.uploadPack(body)]), { commit: other });
    expect((await run('gc', '--grace-hours', '0')).output).toContain(
      'rep_1: 2 objects marked as unreachable, 0 removed;',
    );
    expect((await run('gc', '--grace-hours', '0')).output).toContain(
      'rep_1: 0 objects marked as unreachable, 3 removed;',
    );
    expect((await run('gc', '--grace-hours', '0')).output).toContain('0 packs merged, 1 removed');
    expect((await run('verify')).code).toBe(0);
  });

  it.each([[], ['verify', 'x'], ['gc', '--grace-hours', 'x'], ['clean']])('rejects the call %j', async (...args) => {
    const { code, output } = await run(...args);
    expect([code, output]).toEqual([2, expect.stringContaining('Usage: npm run store')]);
  });
});
