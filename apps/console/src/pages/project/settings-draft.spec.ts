import { describe, expect, it } from '@jest/globals';
import type { Project } from '@reunite/contracts';
import { changesOf, draftOf } from './settings-draft.js';

const project = {
  name: 'Docs',
  productionBranch: 'main',
  rootFolder: 'docs',
  branchPreviews: { mode: 'patterns', patterns: ['release/*', 'next'] },
  pullRequestPreviews: true,
  forkPreviews: true,
  productionCommits: 'pull-request',
  productionChecks: 'block',
  previewChecks: 'all',
  pullRequestComments: false,
} as unknown as Project;

describe('the form of a project’s settings', () => {
  it('starts with the settings of the project and without changes', () => {
    const draft = draftOf(project);
    expect(draft).toMatchObject({
      branch: 'main',
      folder: 'docs',
      branchPreviews: 'patterns',
      patterns: 'release/*, next',
    });
    expect(changesOf(draft, project)).toEqual({});
  });

  it('contains the changed settings only', () => {
    const draft = {
      ...draftOf(project),
      name: 'Guides',
      patterns: 'next',
      productionCommits: 'maintain' as const,
      pullRequestComments: true,
    };
    expect(changesOf(draft, project)).toEqual({
      name: 'Guides',
      branchPreviews: { mode: 'patterns', patterns: ['next'] },
      productionCommits: 'maintain',
      pullRequestComments: true,
    });
  });

  it('previews no forks where pull requests are not previewed', () => {
    const draft = { ...draftOf(project), pullRequestPreviews: false };
    expect(changesOf(draft, project)).toEqual({ pullRequestPreviews: false, forkPreviews: false });
  });
});
