import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { DataSource } from 'typeorm';
import { newRepository, openBridge } from '../test/bridge-database.js';
import { PullRequestEntity } from './pull-request.entity.js';
import { mirrorPullRequest } from './pull-request-mirror.js';
import type { DescribedPullRequest } from './pull-request-mirror.js';

let postgres: RunningPostgres;
let dataSource: DataSource;

beforeAll(async () => {
  postgres = await startPostgres();
  dataSource = await openBridge(postgres.url('reunite_bridge'));
});
afterAll(async () => {
  await dataSource.destroy();
  await postgres.stop();
});

const mirrored = (pull: DescribedPullRequest, telling: 'answered' | 'delivered') =>
  dataSource.transaction((db) => mirrorPullRequest(db, pull, telling));
const described = (repositoryId: string, minute: number, own: Partial<DescribedPullRequest> = {}) => ({
  ...{ repositoryId, number: 1, title: 'Explain it', state: 'open' as const, draft: false, author: 'ada' },
  ...{ headBranch: 'topic', headCommit: 'a', baseBranch: 'main', fork: false },
  ...{ htmlUrl: 'https://ghes.example.com/acme/docs/pull/1', updatedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)) },
  ...own,
});

it('an older description of a pull request never replaces a newer one', async () => {
  const db = dataSource.manager;
  const repositoryId = await newRepository(db);
  const mirror = (minute: number, own: Partial<DescribedPullRequest> = {}) =>
    mirrored(described(repositoryId, minute, own), 'delivered');
  const held = () => db.findOneByOrFail(PullRequestEntity, { repositoryId, number: 1 });

  expect(await mirror(1)).toBe('changed');
  const { id } = await held();
  const merged = { state: 'merged', headCommit: 'b', baseBranch: 'next' } as const;
  expect(await mirror(3, merged)).toBe('changed');
  expect(await mirror(2, { title: 'Late' })).toBe('older');
  expect(await mirror(3, merged)).toBe('known');
  expect(await held()).toMatchObject({ id, title: 'Explain it', ...merged });
});

it('of two descriptions of one second the server’s own answer stands, and a delivery is asked about', async () => {
  const db = dataSource.manager;
  const repositoryId = await newRepository(db);
  const state = async () => (await db.findOneByOrFail(PullRequestEntity, { repositoryId, number: 1 })).state;
  await mirrored(described(repositoryId, 1), 'delivered');
  const closed = described(repositoryId, 1, { state: 'closed' });
  expect([await mirrored(closed, 'delivered'), await state()]).toEqual(['unclear', 'open']);
  expect([await mirrored(closed, 'answered'), await state()]).toEqual(['changed', 'closed']);
});

it('deliveries that come at once make one row, with the newest description', async () => {
  const db = dataSource.manager;
  const repositoryId = await newRepository(db);
  const minutes = [3, 1, 5, 2, 4, 5, 1, 3];
  await Promise.all(
    minutes.map((minute) => mirrored(described(repositoryId, minute, { title: `Said at ${minute}` }), 'delivered')),
  );
  const rows = await db.findBy(PullRequestEntity, { repositoryId });
  expect(rows.map(({ title }) => title)).toEqual(['Said at 5']);
});
