import { beforeEach, describe, expect, it } from '@jest/globals';
import { insertRepository } from '@reunite/testing';
import { useBridgeDatabase } from '@reunite/testing/jest';
import type { PullRequestDescription } from './pull-request-description.rules.js';
import { mirrorPullRequest } from './pull-request-mirror.js';
import type { ConfirmedResponse, DescriptionSource } from './pull-request-mirror.js';
import { PullRequestEntity } from './pull-request.entity.js';

describe('the mirror of a pull request', () => {
  const dataSource = useBridgeDatabase([PullRequestEntity]);
  let repositoryId: string;

  beforeEach(async () => {
    repositoryId = await insertRepository(dataSource().manager);
  });
  const stored = () => dataSource().manager.findOneByOrFail(PullRequestEntity, { repositoryId, number: 1 });
  const mirror = (
    minute: number,
    source: DescriptionSource | ConfirmedResponse,
    own: Partial<PullRequestDescription> = {},
  ) => {
    const description: PullRequestDescription = {
      repositoryId,
      number: 1,
      title: 'Explain it',
      state: 'open',
      draft: false,
      author: 'ada',
      headBranch: 'topic',
      headCommit: 'a',
      baseBranch: 'main',
      fork: false,
      htmlUrl: 'https://ghes.example.com/acme/docs/pull/1',
      updatedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)),
      ...own,
    };
    return dataSource().transaction((db) => mirrorPullRequest(db, description, source));
  };

  it('is not replaced by an older description', async () => {
    expect(await mirror(1, 'delivery')).toBe('changed');
    const { id } = await stored();
    const merged = { state: 'merged', headCommit: 'b', baseBranch: 'next' } as const;
    expect(await mirror(3, 'delivery', merged)).toBe('changed');
    expect(await mirror(2, 'delivery', { title: 'Late' })).toBe('outdated');
    expect(await mirror(3, 'delivery', merged)).toBe('unchanged');
    expect(await stored()).toMatchObject({ id, title: 'Explain it', ...merged });
  });

  it('is replaced by a response of the same second, but not by a delivery', async () => {
    await mirror(1, 'delivery');
    expect(await mirror(1, 'delivery', { state: 'closed' })).toBe('ambiguous');
    expect(await stored()).toMatchObject({ state: 'open' });
    expect(await mirror(1, 'response', { state: 'closed' })).toBe('changed');
    expect(await stored()).toMatchObject({ state: 'closed' });
  });

  it('is replaced by an older response only if it was asked for after the newer one was stored', async () => {
    await mirror(3, 'delivery', { state: 'merged' });
    const { updatedAt: replaces } = await stored();
    expect(await mirror(1, 'response')).toBe('outdated');
    expect(await mirror(1, { replaces: new Date(replaces.getTime() - 1000) })).toBe('outdated');
    expect(await mirror(1, { replaces })).toBe('changed');
    expect(await stored()).toMatchObject({ state: 'open' });
  });

  it('is one row with the newest description after concurrent deliveries', async () => {
    const minutes = [3, 1, 5, 2, 4, 5, 1, 3];
    await Promise.all(minutes.map((minute) => mirror(minute, 'delivery', { title: `Title at ${minute}` })));
    const rows = await dataSource().manager.findBy(PullRequestEntity, { repositoryId });
    expect(rows.map(({ title }) => title)).toEqual(['Title at 5']);
  });
});
