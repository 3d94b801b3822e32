import { startPostgres } from '@reunite/testing';
import { build, failure, planCases, preview } from '../test/plan-cases.js';

planCases('a plan of deployments, by what changed,', startPostgres, [
  {
    name: 'a commit that changes nothing in the folder succeeds without a build',
    projects: [{ rootFolder: 'docs' }],
    happens: async (stand) => {
      await stand.deploy('main', 'c1', 'docs=1,api=1');
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
    name: 'in a monorepo, a branch that leaves the folder as it is in production needs no preview of its own',
    projects: [{ rootFolder: 'docs', branchPreviews: { mode: 'all' } }],
    happens: async (stand) => {
      await stand.deploy('main', 'c1', 'docs=1,api=1');
      await stand.push('topic', 'c2', 'docs=1,api=2');
      await stand.push('topic', 'c3', 'docs=3,api=2');
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
    happens: async (stand) => {
      await stand.deploy('main', 'c1', 'docs=1,api=1');
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
]);
