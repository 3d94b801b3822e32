import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { ArtifactStore } from './artifact-store.js';

describe('the artifact store', () => {
  const id = newId('deployment');
  let root: string;
  let store: ArtifactStore;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'artifacts-'));
    store = new ArtifactStore(pathToFileURL(root).href);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const publish = (text: string, files = 0) =>
    store.publish(id, async (folder) => {
      await writeFile(join(folder, 'index.html'), text);
      for (let at = 0; at < files; at += 1) await writeFile(join(folder, `${at}.html`), text);
    });
  const shown = () => readFileSync(join(root, id, 'index.html'), 'utf8');

  it('shows a complete deployment while it is published again', async () => {
    await publish('one', 1_500);
    let [looks, misses, published] = [0, 0, false];
    const looking = (async () => {
      for (; !published; looks += 1) {
        const names = await readdir(join(root, id)).catch(() => []);
        if (names.length !== 1_501) misses += 1;
      }
    })();
    await publish('two', 1_500);
    published = true;
    await looking;
    expect(shown()).toBe('two');
    // Between two renames nothing is there, which takes no longer than a few looks.
    expect([looks > 20, misses < 3]).toEqual([true, true]);
    expect(readdirSync(root)).toEqual([id]);
  });

  it('keeps the published files if a build fails, and nothing else', async () => {
    await publish('one');
    const failing = store.publish(id, async (folder) => {
      await publish('two');
      rmSync(folder, { recursive: true });
    });
    await expect(failing).rejects.toMatchObject({ code: 'ENOENT' });
    expect(shown()).toBe('two');
    expect(readdirSync(root)).toEqual([id]);
  });

  it('lets concurrent runs of one build publish', async () => {
    await publish('one');
    const runs = Array.from({ length: 40 }, (_, run) => `run ${run}`);
    await Promise.all(runs.map((run) => publish(run)));
    expect(runs).toContain(shown());
    expect(readdirSync(root)).toEqual([id]);
  });

  it('counts the age of replaced files from their replacement', async () => {
    await publish('one');
    utimesSync(join(root, id), 0, 0);
    const failing = store.publish(id, (folder) => rm(folder, { recursive: true }));
    await expect(failing).rejects.toMatchObject({ code: 'ENOENT' });
    expect(statSync(join(root, id)).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
  });

  it('removes old temporary folders of killed processes, and nothing else', async () => {
    await publish('one');
    for (const name of [`${id}.tmp-a`, `${id}.tmp-a.old`, `${id}.tmp-young`, 'page-caches']) {
      mkdirSync(join(root, name));
      if (!name.endsWith('young')) utimesSync(join(root, name), 0, 0);
    }
    await store.removeLeftovers(new Date(Date.now() - 60_000));
    expect(readdirSync(root)).toEqual([id, `${id}.tmp-young`, 'page-caches']);
  });
});
