import { describe, expect, it } from '@jest/globals';
import { DeploymentStand } from '../../test/deployment-stand.js';
import { build, planCases } from '../../test/plan-cases.js';
import { useBridge } from '../../test/use-bridge.js';

planCases('a plan of deployments', [
  {
    name: 'a push to the production branch is deployed to production',
    happens: async (stand) => {
      await stand.deploy('main', 'c1');
    },
    deployments: ['production c1 success current'],
    statuses: build('c1', 'pending', 'success'),
  },
  {
    name: 'a push to another branch is not deployed, nor is a tag',
    happens: async (stand) => {
      await stand.push('topic', 'c1');
      await stand.plan('refs/tags/v1', { generation: 1, content: { commit: 'c1', tree: 't' } });
    },
    deployments: [],
    statuses: [],
  },
  {
    name: 'a newer commit ends the builds that are queued or running, with a last word for each',
    happens: async (stand) => {
      await stand.push('main', 'c1');
      await stand.start();
      await stand.push('main', 'c2');
      await stand.push('main', 'c3');
    },
    deployments: ['production c1 skipped', 'production c2 skipped', 'production c3 queued'],
    statuses: [...build('c1', 'pending', 'error'), ...build('c2', 'pending', 'error'), ...build('c3', 'pending')],
  },
  {
    name: 'a plan that is late changes nothing of a newer one',
    happens: async (stand) => {
      await stand.push('main', 'c1');
      await stand.push('main', 'c2');
      await stand.plan('refs/heads/main', { generation: 1, content: { commit: 'c1', tree: 'docs=c1' } });
    },
    deployments: ['production c1 skipped', 'production c2 queued'],
    statuses: [...build('c1', 'pending', 'error'), ...build('c2', 'pending')],
  },
  {
    name: 'a branch that is forced back to an older commit shows that one again',
    happens: async (stand) => {
      await stand.deploy('main', 'c1');
      await stand.deploy('main', 'c2');
      await stand.deploy('main', 'c1');
    },
    deployments: ['production c1 success', 'production c2 success', 'production c1 success current'],
    statuses: [
      ...build('c1', 'pending', 'success'),
      ...build('c2', 'pending', 'success'),
      ...build('c1', 'pending', 'success'),
    ],
  },
  {
    name: 'a build that ran out of time is not tried again by itself; the next commit is',
    happens: async (stand) => {
      await stand.push('main', 'c1');
      await stand.build({ state: 'timed_out', reason: 'too long' });
      await stand.planAll();
      await stand.push('main', 'c2');
    },
    deployments: ['production c1 timed_out', 'production c2 queued'],
    statuses: [...build('c1', 'pending', 'failure'), ...build('c2', 'pending')],
  },
]);

describe('a plan of deployments', () => {
  const dataSource = useBridge();

  it('says what is to be enqueued: the build, its statuses, and what may be removed', async () => {
    const stand = await DeploymentStand.open(dataSource(), { branchPreviews: { mode: 'all' } });
    await stand.push('topic', 'c1');
    const key = { repositoryId: stand.repositoryId, commit: 'c1' };
    const [deployment] = await stand.start();
    expect(stand.effects).toEqual({
      builds: [{ deploymentId: deployment?.deployment.id, preview: true }],
      statuses: ['build', 'preview', 'lint', 'links'].map((check) => ({ ...key, context: `Reunite (Docs): ${check}` })),
      removed: [],
    });
    await stand.remove('topic');
    expect(stand.effects.removed).toEqual([deployment?.deployment.id]);
  });

  it('made by two at the same time is one', async () => {
    const stand = await DeploymentStand.open(dataSource(), {});
    const ref = { generation: 1, content: { commit: 'c1', tree: 'docs=1' } };
    await Promise.all(Array.from({ length: 4 }, () => stand.plan('refs/heads/main', ref)));
    expect(await stand.deployments()).toEqual(['production c1 queued']);
  });
});
