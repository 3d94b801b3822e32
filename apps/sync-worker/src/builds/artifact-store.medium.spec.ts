import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openBlobStorage } from '@reunite/blob-storage';
import type { BlobStorage } from '@reunite/blob-storage';
import { newId } from '@reunite/contracts';
import { SiteArchiveWriter } from '@reunite/site-archive';
import { S3Server } from '@reunite/testing';
import { ArtifactStore } from './artifact-store.js';

let server: S3Server;
let root: string;

beforeAll(async () => {
  server = await S3Server.start();
  Object.assign(process.env, server.environment);
});
afterAll(() => server.stop());

describe.each([
  ['a folder', () => pathToFileURL(join(root, 'artifacts')).href],
  ['a bucket', () => server.url('artifacts')],
])('the artifact store in %s', (_kind, url) => {
  const owner = { deploymentId: newId('deployment'), projectId: newId('project') };
  let storage: BlobStorage;
  let store: ArtifactStore;
  beforeEach(() => {
    server.clear();
    root = mkdtempSync(join(tmpdir(), 'artifacts-'));
    storage = openBlobStorage(url());
    store = new ArtifactStore(storage, join(root, 'builds'));
  });
  afterEach(async () => {
    await store.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** @returns the paths that were written, and not taken over */
  const publish = (files: Readonly<Record<string, string>>, deploymentId = owner.deploymentId) =>
    store.publish({ ...owner, deploymentId }, async (folder) => {
      const site = await SiteArchiveWriter.open(folder);
      const written: string[] = [];
      for (const [path, body] of Object.entries(files)) {
        if (site.reuse(path, body) !== undefined) continue;
        await site.write({ path, body, key: body });
        written.push(path);
      }
      await site.finish();
      return written;
    });
  const shown = async (id = owner.deploymentId) => String(await (await store.site(id))?.read('index.html'));
  const packs = async () =>
    (await storage.list(`packs/${owner.projectId}`)).map(({ name }) => name).filter((name) => name !== 'latest.json');
  const pages = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}.html`, `page ${i}`]));
  const collect = (ageMs: number) => store.collectGarbage(new Date(Date.now() + ageMs));

  it('writes unchanged files once, also for another deployment of the project', async () => {
    expect(await publish({ ...pages, 'index.html': 'one' })).toHaveLength(51);
    const next = newId('deployment');
    expect(await publish({ ...pages, 'index.html': 'two' }, next)).toEqual(['index.html']);
    expect([await shown(), await shown(next)]).toEqual(['one', 'two']);
    expect((await store.list()).sort()).toEqual([owner.deploymentId, next].sort());
    expect(readdirSync(join(root, 'builds'))).toEqual([]);
  });

  it('keeps the published site if a build fails', async () => {
    await publish({ 'index.html': 'one' });
    const failing = store.publish(owner, () => Promise.reject(new RangeError('failed')));
    await expect(failing).rejects.toThrow('failed');
    expect(await shown()).toBe('one');
    expect(readdirSync(join(root, 'builds'))).toEqual([]);
  });

  it('lets concurrent runs of one build publish', async () => {
    await publish({ 'index.html': 'one' });
    const runs = Array.from({ length: 10 }, (_, run) => `run ${run}`);
    await Promise.all(runs.map((run) => publish({ 'index.html': run })));
    expect(runs).toContain(await shown());
  });

  it('gives a deployment the site of another one by its manifest', async () => {
    await publish({ 'index.html': 'one' });
    const copy = newId('deployment');
    const before = await packs();
    expect(await store.copy(owner.deploymentId, copy)).toBe(true);
    expect(await packs()).toEqual(before);
    await store.remove(owner.deploymentId);
    expect([await shown(copy), await store.site(owner.deploymentId)]).toEqual(['one', null]);
    expect(await store.copy(owner.deploymentId, copy)).toBe(false);
  });

  it('removes packs that no site names, after the grace period', async () => {
    await publish({ 'index.html': 'one' });
    await publish({ 'index.html': 'two' });
    expect(await packs()).toHaveLength(2);
    expect(await collect(-60_000)).toMatchObject({ marked: 0, removed: 0 });
    expect(await collect(60_000)).toMatchObject({ marked: 1, removed: 0 });
    expect(await collect(-60_000)).toMatchObject({ marked: 0, removed: 0 });
    expect(await collect(60_000)).toMatchObject({ marked: 0, removed: 1 });
    expect([await packs(), await shown()]).toEqual([[expect.stringMatching(/^[0-9a-f]{32}$/)], 'two']);
  });

  it('builds again if a pack is removed between the start and the end of a build', async () => {
    await publish({ ...pages, 'index.html': 'one' });
    await store.remove(owner.deploymentId);
    let builds = 0;
    const next = { ...owner, deploymentId: newId('deployment') };
    const written = await store.publish(next, async (folder) => {
      builds += 1;
      const site = await SiteArchiveWriter.open(folder);
      const missing = Object.entries(pages).filter(([path, key]) => site.reuse(path, key) === undefined);
      for (const [path, body] of missing) await site.write({ path, body, key: body });
      await site.finish();
      if (builds === 1) for (let run = 0; run < 2; run += 1) await collect(60_000);
      return missing.length;
    });
    expect([builds, written]).toEqual([2, 50]);
    expect(String(await (await store.site(next.deploymentId))?.read('7.html'))).toBe('page 7');
  });

  it('removes old folders of killed builds', async () => {
    for (const name of ['dep_a.x', 'dep_b.y']) mkdirSync(join(root, 'builds', name), { recursive: true });
    utimesSync(join(root, 'builds/dep_a.x'), 0, 0);
    await store.removeLeftovers(new Date(Date.now() - 60_000));
    expect(readdirSync(join(root, 'builds'))).toEqual(['dep_b.y']);
  });
});
