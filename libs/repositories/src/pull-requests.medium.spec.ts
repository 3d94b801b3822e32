import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { DataSource } from 'typeorm';
import { newRepository, openBridge } from '../test/bridge-database.js';
import { PullRequestEntity } from './pull-request.entity.js';
import { mirrorPullRequest } from './pull-requests.js';
import type { DescribedPullRequest } from './pull-requests.js';

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

it('an older description of a pull request never replaces a newer one', async () => {
  const db = dataSource.manager;
  const repositoryId = await newRepository(db);
  const described = (minute: number, own: Partial<DescribedPullRequest> = {}): DescribedPullRequest => ({
    ...{
      repositoryId,
      number: 1,
      title: 'Explain it',
      state: 'open',
      draft: false,
      author: 'ada',
      headBranch: 'topic',
    },
    ...{ headCommit: 'a', baseBranch: 'main', fork: false, htmlUrl: 'https://ghes.example.com/acme/docs/pull/1' },
    updatedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)),
    ...own,
  });
  const held = () => db.findOneByOrFail(PullRequestEntity, { repositoryId, number: 1 });

  expect(await mirrorPullRequest(db, described(1))).toBe(true);
  const { id } = await held();
  expect(await mirrorPullRequest(db, described(3, { state: 'merged', headCommit: 'b' }))).toBe(true);
  expect(await mirrorPullRequest(db, described(2, { title: 'Late' }))).toBe(false);
  expect(await held()).toMatchObject({ id, title: 'Explain it', state: 'merged', headCommit: 'b' });
  // The server's clock has seconds: of two descriptions of one second the one that comes later stands.
  expect(await mirrorPullRequest(db, described(3, { state: 'open' }))).toBe(true);
  expect((await held()).state).toBe('open');
});
