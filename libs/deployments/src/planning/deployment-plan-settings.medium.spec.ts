import { expect } from '@jest/globals';
import { build, planCases, preview } from '../../test/plan-cases.js';

planCases('a plan after a change of settings', [
  {
    name: 'previews that are switched on are there at once, and gone at once when they are switched off',
    steps: async (repository) => {
      await repository.push('topic', 'c1');
      await repository.push('other', 'c2');
      await repository.change({ branchPreviews: { mode: 'all' } });
      await repository.build();
      await repository.change({ branchPreviews: { mode: 'patterns', patterns: ['topic'] } });
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
    steps: async (repository) => {
      await repository.deploy('main', 'c1');
      await repository.push('next', 'c2');
      await repository.change({ productionBranch: 'next' });
      expect(await repository.deployments()).toEqual(['production c1 success current', 'production c2 queued']);
      await repository.build();
      expect(await repository.deployments()).toEqual(['production c1 success', 'production c2 success current']);
      await repository.change({ productionBranch: 'main' });
      await repository.build();
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
    steps: async (repository) => {
      await repository.deploy('next', 'c1');
      await repository.change({ productionBranch: 'next' });
    },
    deployments: ['preview c1 removed', 'production c1 queued'],
    statuses: [...preview('c1', 'pending', 'success'), ...build('c1', 'pending')],
  },
  {
    name: 'another folder is built at once, and the previews of the old one go when their pull request is closed',
    projects: [{ rootFolder: 'docs' }],
    steps: async (repository) => {
      await repository.deploy('main', 'c1', 'docs=1,api=1');
      await repository.push('topic', 'c2', 'docs=2,api=2');
      await repository.pullRequest(1, 'topic', 'open');
      await repository.build();
      await repository.change({ rootFolder: 'api' });
      await repository.build();
      await repository.pullRequest(1, 'topic', 'closed');
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
    steps: async (repository) => {
      await repository.deploy('main', 'c1');
      await repository.push('main', 'c2');
      const [running] = await repository.start();
      await repository.change({ name: 'Guides' });
      await repository.finish(running!);
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
    name: 'a project that is renamed by case alone ends nothing, for a server sees no other name',
    steps: async (repository) => {
      await repository.push('main', 'c1');
      await repository.change({ name: 'DOCS' });
      await repository.build();
    },
    deployments: ['production c1 success current'],
    statuses: [...build('c1', 'pending'), 'c1 Reunite (DOCS): build pending', 'c1 Reunite (DOCS): build success'],
  },
  {
    name: 'a project that is renamed speaks under its new name of a commit that changed nothing too',
    steps: async (repository) => {
      await repository.deploy('main', 'c1', 'docs=1');
      await repository.push('main', 'c2', 'docs=1');
      await repository.change({ name: 'Guides' });
    },
    deployments: ['production c1 success current'],
    statuses: [...build('c1', 'pending', 'success'), ...build('c2', 'success'), 'c2 Reunite (Guides): build success'],
  },
  {
    name: 'a change that leaves a branch as it is says nothing more of it, nor of a commit that changed nothing',
    projects: [{ branchPreviews: { mode: 'all' } }],
    steps: async (repository) => {
      await repository.push('main', 'c1', 'docs=1');
      await repository.push('main', 'c2', 'docs=1');
      await repository.build();
      await repository.deploy('topic', 'c3', 'docs=3');
      await repository.push('topic', 'c4', 'docs=3');
      await repository.change({ forkPreviews: true });
    },
    deployments: ['production c1 success current', 'preview c3 success current'],
    statuses: [
      ...['pending', 'success'].flatMap((state) => ['c1', 'c2'].flatMap((commit) => build(commit, state))),
      ...preview('c3', 'pending', 'success'),
      ...preview('c4', 'success'),
    ],
  },
]);
