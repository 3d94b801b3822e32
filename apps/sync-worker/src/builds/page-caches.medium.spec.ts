import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { PageCaches } from './page-caches.js';

it('removes caches of deleted projects and old temporary files of killed builds', async () => {
  const root = mkdtempSync(join(tmpdir(), 'page-caches-'));
  const [existing, deleted] = [newId('project'), newId('project')];
  const dataSource = { query: <Row>() => Promise.resolve([{ id: existing }] as Row) };
  const caches = new PageCaches(pathToFileURL(root).href, dataSource);
  const folder = dirname(caches.file(existing));
  mkdirSync(folder);
  const [young, old] = [`${existing}.1.tmp`, `${existing}.2.tmp`];
  for (const name of [existing, deleted, young, old, `${deleted}.1.tmp`]) writeFileSync(join(folder, name), '');
  const sites = [`${existing}.site`, `${deleted}.site`, `${existing}.site.tmp-a`];
  for (const name of sites) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'file'), '');
    utimesSync(join(folder, name), 0, 0);
  }
  for (const name of [existing, old]) utimesSync(join(folder, name), 0, 0);
  await caches.removeAbandoned(new Date(Date.now() - 60_000));
  expect(readdirSync(folder)).toEqual([existing, young, `${existing}.site`].sort());
  rmSync(root, { recursive: true });
});

describe('the site that was built last', () => {
  const project = newId('project');
  let root: string;
  let caches: PageCaches;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'page-caches-'));
    caches = new PageCaches(pathToFileURL(root).href, { query: () => Promise.reject(new Error('not used')) });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function folderWith(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(root, 'site-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  }
  async function restored(id = project): Promise<string[]> {
    const folder = folderWith({});
    await caches.restoreSite(id, folder);
    return readdirSync(folder).sort();
  }

  it('is put into the folder of the next build of the project, and of no other', async () => {
    expect(await restored()).toEqual([]);
    await caches.keepSite(project, folderWith({ a: '1', b: '2' }));
    expect(await restored()).toEqual(['a', 'b']);
    await caches.keepSite(project, folderWith({ c: '3' }));
    expect(await restored()).toEqual(['c']);
    expect(await restored(newId('project'))).toEqual([]);
  });

  it('is one of two that are kept at the same time', async () => {
    await Promise.all([{ a: '1' }, { b: '2' }].map((files) => caches.keepSite(project, folderWith(files))));
    expect([['a'], ['b']]).toContainEqual(await restored());
    expect(readdirSync(join(root, 'page-caches'))).toEqual([`${project}.site`]);
  });

  it('fails no build if it cannot be kept', async () => {
    writeFileSync(join(root, 'page-caches'), '');
    await caches.keepSite(project, folderWith({ a: '1' }));
    expect(await restored()).toEqual([]);
  });
});
