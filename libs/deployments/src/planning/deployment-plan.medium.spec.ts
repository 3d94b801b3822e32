import { describe, expect, it } from '@jest/globals';
import { TestRepository } from '../../test/test-repository.js';
import { build, planCases } from '../../test/plan-cases.js';
import { useDatabase } from '../../test/use-database.js';

planCases('the plan of deployments', [
  {
    name: 'a push to the production branch is deployed to production',
    steps: async (repository) => {
      await repository.deploy('main', 'c1');
    },
    deployments: ['production c1 success current'],
    statuses: build('c1', 'pending', 'success'),
  },
  {
    name: 'neither a push to another branch nor a tag is deployed',
    steps: async (repository) => {
      await repository.push('topic', 'c1');
      await repository.plan('refs/tags/v1', { generation: 1, content: { commit: 'c1', tree: 't' } });
    },
    deployments: [],
    statuses: [],
  },
  {
    name: 'a newer commit cancels queued and running builds, with a final status for each',
    steps: async (repository) => {
      await repository.push('main', 'c1');
      await repository.start();
      await repository.push('main', 'c2');
      await repository.push('main', 'c3');
    },
    deployments: ['production c1 skipped', 'production c2 skipped', 'production c3 queued'],
    statuses: [...build('c1', 'pending', 'error'), ...build('c2', 'pending', 'error'), ...build('c3', 'pending')],
  },
  {
    name: 'a late plan changes nothing of a newer one',
    steps: async (repository) => {
      await repository.push('main', 'c1');
      await repository.push('main', 'c2');
      await repository.plan('refs/heads/main', { generation: 1, content: { commit: 'c1', tree: 'docs=c1' } });
    },
    deployments: ['production c1 skipped', 'production c2 queued'],
    statuses: [...build('c1', 'pending', 'error'), ...build('c2', 'pending')],
  },
  {
    name: 'a branch that is force-pushed to an older commit shows that commit again',
    steps: async (repository) => {
      await repository.deploy('main', 'c1');
      await repository.deploy('main', 'c2');
      await repository.deploy('main', 'c1');
    },
    deployments: ['production c1 success', 'production c2 success', 'production c1 success current'],
    statuses: [
      ...build('c1', 'pending', 'success'),
      ...build('c2', 'pending', 'success'),
      ...build('c1', 'pending', 'success'),
    ],
  },
  {
    name: 'a build that timed out is not retried; the next commit is built',
    steps: async (repository) => {
      await repository.push('main', 'c1');
      await repository.build({ state: 'timed_out', reason: 'too long' });
      await repository.planAll();
      await repository.push('main', 'c2');
    },
    deployments: ['production c1 timed_out', 'production c2 queued'],
    statuses: [...build('c1', 'pending', 'failure'), ...build('c2', 'pending')],
  },
]);

describe('the plan of deployments', () => {
  const dataSource = useDatabase();

  it('enqueues the statuses and then the build, and removes artifacts', async () => {
    const repository = await TestRepository.open(dataSource(), { branchPreviews: { mode: 'all' } });
    await repository.push('topic', 'c1');
    const { enqueued, repositoryId } = repository;
    const [build] = await repository.start();
    expect(enqueued).toEqual([
      ...['build', 'preview', 'lint', 'links'].map((check) => ({
        job: 'send-commit-statuses',
        payload: { v: 1, repositoryId, commit: 'c1', context: `Reunite (Docs): ${check}` },
      })),
      { job: 'build-deployment', payload: { v: 1, deploymentId: build?.deployment.id, preview: true } },
    ]);
    await repository.remove('topic');
    expect(repository.removedArtifacts).toEqual([build?.deployment.id]);
  });

  it('creates one deployment if several plans run at the same time', async () => {
    const repository = await TestRepository.open(dataSource(), {});
    const ref = { generation: 1, content: { commit: 'c1', tree: 'docs=1' } };
    await Promise.all(Array.from({ length: 4 }, () => repository.plan('refs/heads/main', ref)));
    expect(await repository.deployments()).toEqual(['production c1 queued']);
  });
});
