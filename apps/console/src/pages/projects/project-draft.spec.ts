import { describe, expect, it } from '@jest/globals';
import { choose, emptyDraft, missingIn, suggestedName, toCreateProject } from './project-draft.js';

const repository = {
  id: 'rep_1',
  connectionId: 'con_1',
  owner: 'acme',
  name: 'docs',
  defaultBranch: 'main',
  private: false,
  available: true,
};
const chosen = choose(choose(choose(emptyDraft('con_1'), { owner: 'acme' }), { repository }), { branch: 'main' });

describe('the draft of a project', () => {
  it('drops choices that depend on an earlier choice', () => {
    expect(choose(chosen, { owner: 'other' })).toMatchObject({ repository: null, branch: '' });
    expect(choose(chosen, { connectionId: 'con_2' })).toMatchObject({ owner: '', repository: null, branch: '' });
    expect(choose(chosen, { repository })).toMatchObject({ owner: 'acme', branch: '' });
  });

  it('suggests the name of the repository until one is typed', () => {
    expect(suggestedName(chosen)).toBe('docs');
    expect(suggestedName(choose(chosen, { name: '' }))).toBe('');
  });

  it('protects production by default', () => {
    expect(toCreateProject(chosen).productionCommits).toBe('pull-request');
  });

  it('names what is missing', () => {
    expect(missingIn(emptyDraft(''))).toEqual([{ path: 'repositoryId', message: 'Choose a repository.' }]);
    expect(missingIn(choose(chosen, { branch: '' }))).toEqual([
      { path: 'productionBranch', message: 'Choose a branch.' },
    ]);
    expect(missingIn(chosen)).toEqual([]);
  });

  it('is converted to the request of the API', () => {
    const draft = choose(chosen, {
      branchPreviews: 'patterns',
      patterns: ' release/*, next\n',
      folder: 'docs',
      productionCommits: 'maintain',
      productionChecks: 'block',
      previewChecks: 'all',
      pullRequestComments: true,
    });
    expect(toCreateProject(draft)).toEqual({
      repositoryId: 'rep_1',
      name: 'docs',
      productionBranch: 'main',
      rootFolder: 'docs',
      branchPreviews: { mode: 'patterns', patterns: ['release/*', 'next'] },
      pullRequestPreviews: true,
      forkPreviews: false,
      productionCommits: 'maintain',
      productionChecks: 'block',
      previewChecks: 'all',
      pullRequestComments: true,
    });
  });

  it('never previews forks without pull requests', () => {
    const draft = choose(chosen, { forkPreviews: true, pullRequestPreviews: false });
    expect(toCreateProject(draft).forkPreviews).toBe(false);
  });
});
