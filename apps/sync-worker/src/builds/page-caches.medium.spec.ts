import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { PageCaches } from './page-caches.js';

it('removes the caches of projects that are gone, and what killed builds left beside the others', async () => {
  const root = mkdtempSync(join(tmpdir(), 'page-caches-'));
  const [there, gone] = [newId('project'), newId('project')];
  const dataSource = { query: <Row>() => Promise.resolve([{ id: there }] as Row) };
  const caches = new PageCaches(pathToFileURL(root).href, dataSource);
  const folder = dirname(caches.file(there));
  mkdirSync(folder);
  const [young, old] = [`${there}.1.tmp`, `${there}.2.tmp`];
  for (const name of [there, gone, young, old, `${gone}.1.tmp`]) writeFileSync(join(folder, name), '');
  for (const name of [there, old]) utimesSync(join(folder, name), 0, 0);
  await caches.removeAbandoned(new Date(Date.now() - 60_000));
  expect(readdirSync(folder)).toEqual([there, young].sort());
  rmSync(root, { recursive: true });
});
