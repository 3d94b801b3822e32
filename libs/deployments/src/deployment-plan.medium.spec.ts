import { describe, expect, it } from '@jest/globals';
import { startPostgres } from '@reunite/testing';
import { DeploymentStand } from '../test/deployment-stand.js';
import { useBridge } from '../test/use-bridge.js';
import type { ProjectEntity } from './project.entity.js';

interface Case {
  readonly name: string;
  /** One project of its defaults, unless told. */
  readonly projects?: Partial<ProjectEntity>[];
  readonly happens: (stand: DeploymentStand) => Promise<void>;
  readonly deployments: string[];
  readonly statuses: string[];
}

const failure = { state: 'failed', reason: 'index.md: no' } as const;
/** The statuses that a preview's commit gets. */
const preview = (commit: string, ...states: string[]) =>
  states.flatMap((state) => ['build', 'preview'].map((check) => `${commit} Reunite (Docs): ${check} ${state}`));
const build = (commit: string, ...states: string[]) =>
  states.map((state) => `${commit} Reunite (Docs): build ${state}`);

const cases: Case[] = [
  {
    name: 'a push to the production branch is deployed to production',
    happens: async (stand) => {
      await stand.push('main', 'c1');
      await stand.build();
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
    name: 'a commit that changes nothing in the folder succeeds without a build',
    projects: [{ rootFolder: 'docs' }],
    happens: async (stand) => {
      await stand.push('main', 'c1', 'docs=1,api=1');
      await stand.build();
      await stand.push('main', 'c2', 'docs=1,api=2');
    },
    deployments: ['production c1 success current'],
    statuses: [...build('c1', 'pending', 'success'), ...build('c2', 'success')],
  },
  {
    name: 'a commit that changes nothing is built all the same when what was there failed',
    happens: async (stand) => {
      await stand.push('main', 'c1', 'docs=1');
      await stand.build(failure);
      await stand.push('main', 'c2', 'docs=1');
    },
    deployments: ['production c1 failed', 'production c2 queued'],
    statuses: [...build('c1', 'pending', 'failure'), ...build('c2', 'pending')],
  },
  {
    name: 'a folder that is not there is deployed, so that its build says so',
    projects: [{ rootFolder: 'missing' }],
    happens: (stand) => stand.push('main', 'c1', 'docs=1'),
    deployments: ['production c1 queued'],
    statuses: build('c1', 'pending'),
  },
  {
    name: 'a pull request brings a preview, and each push to it the next one',
    happens: async (stand) => {
      await stand.push('topic', 'c1');
      await stand.pullRequest(1, 'topic', 'open');
      await stand.build();
      await stand.push('topic', 'c2');
      await stand.build();
    },
    deployments: ['preview c1 success', 'preview c2 success current'],
    statuses: [...preview('c1', 'pending', 'success'), ...preview('c2', 'pending', 'success')],
  },
  {
    name: 'closing a pull request removes its previews; what was being built is said to have ended',
    happens: async (stand) => {
      await stand.pullRequest(1, 'topic', 'open');
      await stand.push('topic', 'c1');
      await stand.build();
      await stand.push('topic', 'c2');
      await stand.start();
      await stand.pullRequest(1, 'topic', 'closed');
    },
    deployments: ['preview c1 removed', 'preview c2 removed'],
    statuses: [...preview('c1', 'pending', 'success'), ...preview('c2', 'pending', 'error')],
  },
  {
    name: 'opening it again previews it again',
    happens: async (stand) => {
      await stand.push('topic', 'c1');
      await stand.pullRequest(1, 'topic', 'open');
      await stand.build();
      await stand.pullRequest(1, 'topic', 'closed');
      await stand.pullRequest(1, 'topic', 'open');
      await stand.build();
    },
    deployments: ['preview c1 removed', 'preview c1 success current'],
    statuses: preview('c1', 'pending', 'success', 'pending', 'success'),
  },
  {
    name: 'several pull requests on one branch have one preview, until the last one is closed',
    happens: async (stand) => {
      await stand.push('topic', 'c1');
      await stand.pullRequest(1, 'topic', 'open');
      await stand.pullRequest(2, 'topic', 'open');
      await stand.build();
      await stand.pullRequest(1, 'topic', 'closed');
      expect(await stand.deployments()).toEqual(['preview c1 success current']);
      await stand.pullRequest(2, 'topic', 'closed');
    },
    deployments: ['preview c1 removed'],
    statuses: preview('c1', 'pending', 'success'),
  },
  {
    name: 'a deleted branch has no previews any more, and production stays',
    projects: [{ branchPreviews: { mode: 'all' } }],
    happens: async (stand) => {
      await stand.push('main', 'c1');
      await stand.push('topic', 'c2');
      await stand.build();
      await stand.remove('topic');
      await stand.remove('main');
    },
    deployments: ['production c1 success current', 'preview c2 removed'],
    statuses: [
      ...build('c1', 'pending'),
      ...preview('c2', 'pending'),
      ...build('c1', 'success'),
      ...preview('c2', 'success'),
    ],
  },
  {
    name: 'a fork is not previewed, also where a branch of ours has the name of its branch',
    happens: async (stand) => {
      await stand.push('topic', 'c1');
      await stand.pullRequest(1, 'topic', 'open', true);
      await stand.pushFork(1, 'f1');
    },
    deployments: [],
    statuses: [],
  },
  {
    name: 'a fork is previewed where that is allowed, while its own pull request is open',
    projects: [{ forkPreviews: true }],
    happens: async (stand) => {
      await stand.pullRequest(1, 'topic', 'open', true);
      await stand.pushFork(1, 'f1');
      await stand.pushFork(2, 'f2');
      await stand.build();
    },
    deployments: ['preview f1 success current'],
    statuses: preview('f1', 'pending', 'success'),
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
      await stand.push('main', 'c1');
      await stand.build();
      await stand.push('main', 'c2');
      await stand.build();
      await stand.push('main', 'c1');
      await stand.build();
    },
    deployments: ['production c1 success', 'production c2 success', 'production c1 success current'],
    statuses: [
      ...build('c1', 'pending', 'success'),
      ...build('c2', 'pending', 'success'),
      ...build('c1', 'pending', 'success'),
    ],
  },
  {
    name: 'in a monorepo, a branch that leaves the folder as it is in production needs no preview of its own',
    projects: [{ rootFolder: 'docs', branchPreviews: { mode: 'all' } }],
    happens: async (stand) => {
      await stand.push('main', 'c1', 'docs=1,api=1');
      await stand.build();
      await stand.push('topic', 'c2', 'docs=1,api=2');
      await stand.push('topic', 'c3', 'docs=3,api=2');
    },
    deployments: ['production c1 success current', 'preview c3 queued'],
    statuses: [...build('c1', 'pending', 'success'), ...preview('c2', 'success'), ...preview('c3', 'pending')],
  },
  {
    name: 'branches by pattern are previewed, others not',
    projects: [{ branchPreviews: { mode: 'patterns', patterns: ['release/*'] } }],
    happens: async (stand) => {
      await stand.push('release/2', 'c1');
      await stand.push('topic', 'c2');
    },
    deployments: ['preview c1 queued'],
    statuses: preview('c1', 'pending'),
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
  {
    name: 'previews that are switched on are there at once, and gone at once when they are switched off',
    happens: async (stand) => {
      await stand.push('topic', 'c1');
      await stand.push('other', 'c2');
      await stand.change({ branchPreviews: { mode: 'all' } });
      await stand.build();
      await stand.change({ branchPreviews: { mode: 'patterns', patterns: ['topic'] } });
    },
    deployments: ['preview c1 success current', 'preview c2 removed'],
    statuses: [
      ...preview('c1', 'pending'),
      ...preview('c2', 'pending'),
      ...preview('c1', 'success'),
      ...preview('c2', 'success'),
    ],
  },
  {
    name: 'another production branch takes over when its build succeeds, and the first one again when it is chosen again',
    happens: async (stand) => {
      await stand.push('main', 'c1');
      await stand.build();
      await stand.push('next', 'c2');
      await stand.change({ productionBranch: 'next' });
      expect(await stand.deployments()).toEqual(['production c1 success current', 'production c2 queued']);
      await stand.build();
      expect(await stand.deployments()).toEqual(['production c1 success', 'production c2 success current']);
      await stand.change({ productionBranch: 'main' });
      await stand.build();
    },
    deployments: ['production c1 success', 'production c2 success', 'production c1 success current'],
    statuses: [
      ...build('c1', 'pending', 'success'),
      ...build('c2', 'pending', 'success'),
      ...build('c1', 'pending', 'success'),
    ],
  },
  {
    name: 'a branch that becomes the production branch is not previewed any more',
    projects: [{ branchPreviews: { mode: 'all' } }],
    happens: async (stand) => {
      await stand.push('next', 'c1');
      await stand.build();
      await stand.change({ productionBranch: 'next' });
    },
    deployments: ['preview c1 removed', 'production c1 queued'],
    statuses: [...preview('c1', 'pending', 'success'), ...build('c1', 'pending')],
  },
  {
    name: 'another folder is built at once, and the previews of the old one go when their pull request is closed',
    projects: [{ rootFolder: 'docs' }],
    happens: async (stand) => {
      await stand.push('main', 'c1', 'docs=1,api=1');
      await stand.build();
      await stand.push('topic', 'c2', 'docs=2,api=2');
      await stand.pullRequest(1, 'topic', 'open');
      await stand.build();
      await stand.change({ rootFolder: 'api' });
      await stand.build();
      await stand.pullRequest(1, 'topic', 'closed');
    },
    deployments: ['production c1 success', 'preview c2 removed', 'production c1 success current', 'preview c2 removed'],
    statuses: [
      ...build('c1', 'pending', 'success'),
      ...preview('c2', 'pending', 'success'),
      ...build('c1', 'pending'),
      ...preview('c2', 'pending'),
      ...build('c1', 'success'),
      ...preview('c2', 'success'),
    ],
  },
  {
    name: 'a project that is renamed speaks under its new name, and leaves nothing pending under the old one',
    happens: async (stand) => {
      await stand.push('main', 'c1');
      await stand.build();
      await stand.push('main', 'c2');
      const [running] = await stand.start();
      await stand.change({ name: 'Guides' });
      await stand.finish(running!);
    },
    deployments: ['production c1 success', 'production c2 success current'],
    statuses: [
      ...build('c1', 'pending', 'success'),
      ...build('c2', 'pending', 'error'),
      'c2 Reunite (Guides): build pending',
      'c2 Reunite (Guides): build success',
    ],
  },
  {
    name: 'two projects on one repository speak in contexts of their own',
    projects: [
      { name: 'API', rootFolder: 'api' },
      { name: 'Guides', rootFolder: 'docs' },
    ],
    happens: async (stand) => {
      await stand.push('main', 'c1', 'docs=1,api=1');
      await stand.build();
      await stand.push('main', 'c2', 'docs=2,api=1');
    },
    deployments: [
      'API production c1 success current',
      'Guides production c1 success current',
      'Guides production c2 queued',
    ],
    statuses: [
      'c1 Reunite (API): build pending',
      'c1 Reunite (Guides): build pending',
      'c1 Reunite (API): build success',
      'c1 Reunite (Guides): build success',
      'c2 Reunite (API): build success',
      'c2 Reunite (Guides): build pending',
    ],
  },
];

describe('a plan of deployments', () => {
  const dataSource = useBridge(startPostgres);

  it.each(cases)('$name; planned again, nothing changes', async ({ projects = [{}], happens, ...expected }) => {
    const stand = await DeploymentStand.open(dataSource(), ...projects);
    await happens(stand);
    await stand.planAll();
    expect(await stand.deployments()).toEqual(expected.deployments);
    expect(await stand.statuses()).toEqual(expected.statuses);
    expect(stand.effects).toMatchObject({ builds: [], removed: [] });
  });

  it('says what is to be enqueued: the build, its statuses, and what may be removed', async () => {
    const stand = await DeploymentStand.open(dataSource(), { branchPreviews: { mode: 'all' } });
    await stand.push('topic', 'c1');
    const key = { repositoryId: stand.repositoryId, commit: 'c1' };
    const [deployment] = await stand.start();
    expect(stand.effects).toEqual({
      builds: [deployment?.deployment.id],
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
