import { describe, expect, it } from '@jest/globals';
import { caseClashes, foldersToLook } from './case-clashes.rules.js';
import { deleted, renamed, typed } from './draft.rules.js';
import type { Changes } from './draft.rules.js';

const added = (changes: Changes, path: string) => typed(changes, path, '', null);

describe('names that differ in case only', () => {
  const existing = ['README.md', 'guides', 'guides/start.md'];
  const clashesOf = (changes: Changes) =>
    caseClashes(changes, existing).map(({ path, beside }) => `${path} beside ${beside}`);

  it('are found on the branch, among new files, and in folders', () => {
    expect(clashesOf(added([], 'Readme.md'))).toEqual(['Readme.md beside README.md']);
    expect(clashesOf(renamed([], 'guides/start.md', 'readme.md'))).toEqual(['readme.md beside README.md']);
    expect(clashesOf(added([], 'Guides/new.md'))).toEqual(['Guides/new.md beside guides']);
    expect(clashesOf(added(added([], 'a.md'), 'A.md'))).toEqual(['A.md beside a.md']);
    expect(clashesOf(added(added([], '\u00e4.md'), 'a\u0308.md'))).toHaveLength(1);
  });

  it('are allowed if the other file is deleted, or if the file exists already', () => {
    expect(clashesOf(renamed([], 'README.md', 'Readme.md'))).toEqual([]);
    expect(clashesOf(added(deleted([], 'README.md'), 'Readme.md'))).toEqual([]);
    expect(clashesOf(typed([], 'readme.md', 'new', 'old'))).toEqual([]);
    expect(clashesOf(added([], 'guides/README.md'))).toEqual([]);
  });

  it('are searched in every parent folder', () => {
    expect(foldersToLook([])).toEqual([]);
    expect(foldersToLook(added(added([], 'a/b/c.md'), 'd.md'))).toEqual(['', 'a', 'a/b']);
    expect(foldersToLook(typed([], 'a/b.md', 'new', 'old'))).toEqual([]);
  });
});
