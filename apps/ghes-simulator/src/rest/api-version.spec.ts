import { describe, expect, it } from '@jest/globals';
import { inNewVersion } from './api-version.js';

describe('an answer in version 2026-03-10 of the API', () => {
  it('lacks what the version removes, at any depth', () => {
    const pull = {
      number: 1,
      merge_commit_sha: 'c',
      assignee: null,
      assignees: [],
      base: { repo: { id: 2, has_downloads: true } },
    };
    expect(inNewVersion([pull])).toEqual([{ number: 1, assignees: [], base: { repo: { id: 2 } } }]);
  });

  it('has submodules with a type of their own', () => {
    const entry = { type: 'file', name: 'lib', submodule_git_url: 'https://git.example/lib.git' };
    expect(inNewVersion(entry)).toEqual({ ...entry, type: 'submodule' });
  });
});
