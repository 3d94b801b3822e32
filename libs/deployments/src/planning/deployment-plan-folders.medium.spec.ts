import { expect } from '@jest/globals';
import { build, failure, planCases, preview } from '../../test/plan-cases.js';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';

planCases('the plan of a folder', [
  {
    name: 'a commit without changes in the folder succeeds without a build',
    projects: [{ rootFolder: 'docs' }],
    steps: async (repository) => {
      await repository.deploy('main', 'c1', 'docs=1,api=1');
      await repository.push('main', 'c2', 'docs=1,api=2');
    },
    deployments: ['production c1 success current'],
    statuses: [...build('c1', 'pending', 'success'), ...build('c2', 'success')],
  },
  {
    name: 'a commit without changes is built if the build before it failed',
    steps: async (repository) => {
      await repository.push('main', 'c1', 'docs=1');
      await repository.build(failure);
      await repository.push('main', 'c2', 'docs=1');
    },
    deployments: ['production c1 failed', 'production c2 queued'],
    statuses: [...build('c1', 'pending', 'failure'), ...build('c2', 'pending')],
  },
  {
    name: 'a missing folder is deployed, so that its build reports it',
    projects: [{ rootFolder: 'missing' }],
    steps: (repository) => repository.push('main', 'c1', 'docs=1'),
    deployments: ['production c1 queued'],
    statuses: build('c1', 'pending'),
  },
  {
    name: 'in a monorepo, a branch with the same folder as production needs no preview of its own',
    projects: [{ rootFolder: 'docs', branchPreviews: { mode: 'all' } }],
    steps: async (repository) => {
      await repository.deploy('main', 'c1', 'docs=1,api=1');
      await repository.push('topic', 'c2', 'docs=1,api=2');
      await repository.push('topic', 'c3', 'docs=3,api=2');
    },
    deployments: ['production c1 success current', 'preview c3 queued'],
    statuses: [...build('c1', 'pending', 'success'), ...preview('c2', 'success'), ...preview('c3', 'pending')],
  },
  {
    name: 'two projects on one repository report in separate contexts',
    projects: [
      { name: 'API', rootFolder: 'api' },
      { name: 'Guides', rootFolder: 'docs' },
    ],
    steps: async (repository) => {
      await repository.deploy('main', 'c1', 'docs=1,api=1');
      await repository.push('main', 'c2', 'docs=2,api=1');
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
  {
    name: 'a push without changes in the folder joins the running build, and gets its result',
    projects: [{ rootFolder: 'docs' }],
    steps: async (repository) => {
      await repository.push('main', 'c1', 'docs=1,api=1');
      const [running] = await repository.start();
      await repository.push('main', 'c2', 'docs=1,api=2');
      await repository.push('main', 'c3', 'docs=1,api=3');
      expect(await repository.deployments()).toEqual(['production c1 in_progress']);
      await repository.finish(running!);
      await repository.push('main', 'c4', 'docs=1,api=4');
    },
    deployments: ['production c1 success current'],
    statuses: [
      ...['c1', 'c2', 'c3'].flatMap((commit) => build(commit, 'pending')),
      ...['c1', 'c2', 'c3', 'c4'].flatMap((commit) => build(commit, 'success')),
    ],
  },
  {
    name: 'a push whose build was finished by an older worker, which reports the first commit only, gets its result with the next plan',
    projects: [{ rootFolder: 'docs', branchPreviews: { mode: 'all' } }],
    steps: async (repository) => {
      await repository.push('topic', 'c1', 'docs=1,api=1');
      const [running] = await repository.start();
      await repository.push('topic', 'c2', 'docs=1,api=2');
      const finished = { state: 'failed', reason: 'index.md: no', finishedAt: new Date() } as const;
      await repository.dataSource.getRepository(DeploymentEntity).update(running!.deployment.id, finished);
      await repository.planAll();
      expect((await repository.latestStatuses('c2'))[0]).toBe('build failure: index.md: no');
    },
    deployments: ['preview c1 failed'],
    statuses: [...['c1', 'c2'].flatMap((commit) => preview(commit, 'pending')), ...preview('c2', 'failure')],
  },
  {
    name: 'a build that fails has failed for all pushes that joined it, and the next push is built',
    projects: [{ rootFolder: 'docs' }],
    steps: async (repository) => {
      await repository.push('main', 'c1', 'docs=1,api=1');
      await repository.push('main', 'c2', 'docs=1,api=2');
      await repository.build(failure);
      await repository.planAll();
      await repository.push('main', 'c3', 'docs=1,api=3');
    },
    deployments: ['production c1 failed', 'production c3 queued'],
    statuses: [
      ...['pending', 'failure'].flatMap((state) => ['c1', 'c2'].flatMap((commit) => build(commit, state))),
      ...build('c3', 'pending'),
    ],
  },
  {
    name: 'a push that changes the folder cancels the build, with a final status for each commit that joined it',
    projects: [{ rootFolder: 'docs', branchPreviews: { mode: 'all' } }],
    steps: async (repository) => {
      await repository.push('topic', 'c1', 'docs=1,api=1');
      await repository.push('topic', 'c2', 'docs=1,api=2');
      await repository.push('topic', 'c3', 'docs=3,api=2');
    },
    deployments: ['preview c1 skipped', 'preview c3 queued'],
    statuses: [
      ...['pending', 'error'].flatMap((state) => ['c1', 'c2'].flatMap((commit) => preview(commit, state))),
      ...preview('c3', 'pending'),
    ],
  },
  {
    name: 'a late plan does not cancel the build that a newer commit joined',
    projects: [{ rootFolder: 'docs' }],
    steps: async (repository) => {
      await repository.push('main', 'c1', 'docs=1,api=1');
      await repository.push('main', 'c3', 'docs=1,api=2');
      await repository.plan('refs/heads/main', { generation: 1, content: { commit: 'c2', tree: 'docs=2,api=1' } });
    },
    deployments: ['production c1 queued'],
    statuses: [...build('c1', 'pending'), ...build('c3', 'pending')],
  },
]);
