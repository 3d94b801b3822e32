import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { PageCaches } from './page-caches.js';

it('removes caches of deleted projects and old temporary files of killed builds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'page-caches-'));
  const [existing, deleted] = [newId('project'), newId('project')];
  const dataSource = { query: <Row>() => Promise.resolve([{ id: existing }] as Row) };
  const caches = new PageCaches(folder, dataSource);
  const [young, old] = [`${existing}.1.tmp`, `${existing}.2.tmp`];
  for (const name of [existing, deleted, young, old, `${deleted}.1.tmp`]) writeFileSync(join(folder, name), '');
  for (const name of [existing, old]) utimesSync(join(folder, name), 0, 0);
  await caches.removeAbandoned(new Date(Date.now() - 60_000));
  expect(readdirSync(folder)).toEqual([existing, young].sort());
  rmSync(folder, { recursive: true });
});
