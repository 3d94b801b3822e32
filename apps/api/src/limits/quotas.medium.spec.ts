import { beforeAll, describe, expect, it } from '@jest/globals';
import { seed } from '../../test/seed.js';
import type { Seeded } from '../../test/seed.js';
import { useApi } from '../../test/use-api.js';

describe('quotas of an organization', () => {
  const api = useApi(() =>
    Promise.resolve({ MAX_CONNECTIONS_PER_ORGANIZATION: '3', MAX_PROJECTS_PER_ORGANIZATION: '3' }),
  );
  let acme: Seeded;

  beforeAll(async () => {
    acme = await seed(api.resources.dataSource, 'org_acme');
  });

  /** Sends ten requests at the same time and counts their answers. */
  const flood = async (path: string, body: (index: number) => object) => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => api.call('POST', path, { body: body(index) })),
    );
    const problem = (await answers.find(({ status }) => status === 409)?.json()) as Record<string, unknown> | undefined;
    return { created: answers.filter(({ status }) => status < 300).length, problem };
  };

  it('attack: parallel requests cannot exceed the number of projects', async () => {
    const { created, problem } = await flood('/v1/projects', (index) => ({
      repositoryId: acme.repositoryId,
      name: `Project ${index}`,
      productionBranch: 'main',
    }));
    expect(created).toBe(2);
    expect(problem).toMatchObject({
      code: 'quota-exceeded',
      detail: expect.stringContaining('MAX_PROJECTS_PER_ORGANIZATION'),
    });
  });

  it('attack: parallel requests cannot exceed the number of Git providers', async () => {
    const { created, problem } = await flood('/v1/connections', (index) => ({
      name: `Provider ${index}`,
      serverUrl: 'https://ghes.example.com',
      owner: 'acme',
    }));
    expect(created).toBe(2);
    expect(problem).toMatchObject({ code: 'quota-exceeded' });
  });
});
