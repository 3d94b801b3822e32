import { expect } from '@jest/globals';
import { build, planCases, preview } from '../../test/plan-cases.js';

planCases('the plan after a change of settings', [
  {
    name: 'previews appear when they are switched on, and go when they are switched off',
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
    name: 'another production branch takes over when its build succeeds, and the first again when it is chosen again',
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
    name: 'a branch that becomes the production branch is no longer previewed',
    projects: [{ branchPreviews: { mode: 'all' } }],
    steps: async (repository) => {
      await repository.deploy('next', 'c1');
      await repository.change({ productionBranch: 'next' });
    },
    deployments: ['preview c1 removed', 'production c1 queued'],
    statuses: [...preview('c1', 'pending', 'success'), ...build('c1', 'pending')],
  },
  {
    name: 'another folder is built at once, and previews of the old one are removed with their pull request',
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
    name: 'a renamed project reports under its new name, and leaves nothing pending under the old one',
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
    name: 'a case-only rename finalizes nothing, because contexts are case-insensitive',
    steps: async (repository) => {
      await repository.push('main', 'c1');
      await repository.change({ name: 'DOCS' });
      await repository.build();
    },
    deployments: ['production c1 success current'],
    statuses: [...build('c1', 'pending'), 'c1 Reunite (DOCS): build pending', 'c1 Reunite (DOCS): build success'],
  },
  {
    name: 'a renamed project reports a commit without changes under its new name',
    steps: async (repository) => {
      await repository.deploy('main', 'c1', 'docs=1');
      await repository.push('main', 'c2', 'docs=1');
      await repository.change({ name: 'Guides' });
    },
    deployments: ['production c1 success current'],
    statuses: [...build('c1', 'pending', 'success'), ...build('c2', 'success'), 'c2 Reunite (Guides): build success'],
  },
  {
    name: 'a change that does not concern a branch reports nothing for it',
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
