import { expect } from '@jest/globals';
import { build, planCases, preview } from '../../test/plan-cases.js';

planCases('the plan of previews', [
  {
    name: 'a pull request gets a preview, and each push to it a new one',
    steps: async (repository) => {
      await repository.push('topic', 'c1');
      await repository.pullRequest(1, 'topic', 'open');
      await repository.build();
      await repository.deploy('topic', 'c2');
    },
    deployments: ['preview c1 success', 'preview c2 success current'],
    statuses: [...preview('c1', 'pending', 'success'), ...preview('c2', 'pending', 'success')],
  },
  {
    name: 'closing a pull request removes its previews, and cancels the build',
    steps: async (repository) => {
      await repository.pullRequest(1, 'topic', 'open');
      await repository.deploy('topic', 'c1');
      await repository.push('topic', 'c2');
      await repository.start();
      await repository.pullRequest(1, 'topic', 'closed');
    },
    deployments: ['preview c1 removed', 'preview c2 removed'],
    statuses: [...preview('c1', 'pending', 'success'), ...preview('c2', 'pending', 'error')],
  },
  {
    name: 'reopening a pull request previews it again',
    steps: async (repository) => {
      await repository.push('topic', 'c1');
      await repository.pullRequest(1, 'topic', 'open');
      await repository.build();
      await repository.pullRequest(1, 'topic', 'closed');
      await repository.pullRequest(1, 'topic', 'open');
      await repository.build();
    },
    deployments: ['preview c1 removed', 'preview c1 success current'],
    statuses: preview('c1', 'pending', 'success', 'pending', 'success'),
  },
  {
    name: 'several pull requests on one branch share one preview until the last is closed',
    steps: async (repository) => {
      await repository.push('topic', 'c1');
      await repository.pullRequest(1, 'topic', 'open');
      await repository.pullRequest(2, 'topic', 'open');
      await repository.build();
      await repository.pullRequest(1, 'topic', 'closed');
      expect(await repository.deployments()).toEqual(['preview c1 success current']);
      await repository.pullRequest(2, 'topic', 'closed');
    },
    deployments: ['preview c1 removed'],
    statuses: preview('c1', 'pending', 'success'),
  },
  {
    name: 'deleting a branch removes its previews, but not production',
    projects: [{ branchPreviews: { mode: 'all' } }],
    steps: async (repository) => {
      await repository.push('main', 'c1');
      await repository.deploy('topic', 'c2');
      await repository.remove('topic');
      await repository.remove('main');
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
    name: 'a fork is not previewed, even if the repository has a branch of the same name',
    steps: async (repository) => {
      await repository.push('topic', 'c1');
      await repository.pullRequest(1, 'topic', 'open', true);
      await repository.pushFork(1, 'f1');
    },
    deployments: [],
    // A branch protection may require them.
    statuses: ['h Reunite (Docs): build success', 'h Reunite (Docs): preview success'],
  },
  {
    name: 'a fork is previewed if the project allows it, while its own pull request is open',
    projects: [{ forkPreviews: true }],
    steps: async (repository) => {
      await repository.pullRequest(1, 'topic', 'open', true);
      await repository.pushFork(1, 'f1');
      await repository.pushFork(2, 'f2');
      await repository.build();
    },
    deployments: ['preview f1 success current'],
    statuses: preview('f1', 'pending', 'success'),
  },
  {
    name: 'only branches that match a pattern are previewed',
    projects: [{ branchPreviews: { mode: 'patterns', patterns: ['release/*'] } }],
    steps: async (repository) => {
      await repository.push('release/2', 'c1');
      await repository.push('topic', 'c2');
    },
    deployments: ['preview c1 queued'],
    statuses: preview('c1', 'pending'),
  },
]);
