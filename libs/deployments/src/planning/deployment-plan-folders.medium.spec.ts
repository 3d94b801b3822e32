import { expect } from '@jest/globals';
import { build, failure, planCases, preview } from '../../test/plan-cases.js';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';

planCases('a plan of deployments, by what changed,', [
  {
    name: 'a commit that changes nothing in the folder succeeds without a build',
    projects: [{ rootFolder: 'docs' }],
    steps: async (repository) => {
      await repository.deploy('main', 'c1', 'docs=1,api=1');
      await repository.push('main', 'c2', 'docs=1,api=2');
    },
    deployments: ['production c1 success current'],
    statuses: [...build('c1', 'pending', 'success'), ...build('c2', 'success')],
  },
  {
    name: 'a commit that changes nothing is built all the same when what was there failed',
    steps: async (repository) => {
      await repository.push('main', 'c1', 'docs=1');
      await repository.build(failure);
      await repository.push('main', 'c2', 'docs=1');
    },
    deployments: ['production c1 failed', 'production c2 queued'],
    statuses: [...build('c1', 'pending', 'failure'), ...build('c2', 'pending')],
  },
  {
    name: 'a folder that is not there is deployed, so that its build says so',
    projects: [{ rootFolder: 'missing' }],
    steps: (repository) => repository.push('main', 'c1', 'docs=1'),
    deployments: ['production c1 queued'],
    statuses: build('c1', 'pending'),
  },
  {
    name: 'in a monorepo, a branch that leaves the folder as it is in production needs no preview of its own',
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
    name: 'two projects on one repository speak in contexts of their own',
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
    name: 'a push that changes nothing in the folder goes on with the build that is running, and is told how it ends',
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
    name: 'a push whose build was ended by a worker that knows the first commit alone is told with the next plan',
    projects: [{ rootFolder: 'docs', branchPreviews: { mode: 'all' } }],
    steps: async (repository) => {
      await repository.push('topic', 'c1', 'docs=1,api=1');
      const [running] = await repository.start();
      await repository.push('topic', 'c2', 'docs=1,api=2');
      const ended = { state: 'failed', reason: 'index.md: no', finishedAt: new Date() } as const;
      await repository.dataSource.getRepository(DeploymentEntity).update(running!.deployment.id, ended);
      await repository.planAll();
      expect((await repository.latestStatuses('c2'))[0]).toBe('build failure: index.md: no');
    },
    deployments: ['preview c1 failed'],
    statuses: [...['c1', 'c2'].flatMap((commit) => preview(commit, 'pending')), ...preview('c2', 'failure')],
  },
  {
    name: 'a build that fails has failed for the pushes that waited for it, and the next one begins anew',
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
    name: 'a push that changes the folder ends the build with a last word for each commit that waited for it',
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
    name: 'a plan that is late does not end the build that a newer commit waits for',
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
