import { describe, expect, it } from '@jest/globals';
import { treeNameViolation } from './tree-name.rules.js';

describe('treeNameViolation', () => {
  it.each([
    '',
    '.',
    '..',
    'a/b',
    'a\0b',
    '.git',
    '.GIT',
    '.Git',
    'git~1',
    'GIT~1',
    '.git.',
    '.git ',
    '.git . .',
    '.git::$INDEX_ALLOCATION',
    '.g\u200cit',
    '\ufeff.git',
    'x\\.git',
    '.git\\hooks',
  ])('rejects %j', (name) => {
    expect(treeNameViolation(name)).not.toBeNull();
  });

  it.each([
    'a',
    '.gitignore',
    '.github',
    '.gitmodules',
    'git',
    'git~2',
    '...',
    '.git-old',
    'café.md',
    '日本.md',
    'a\\b',
    'a b.md',
    'C:',
    '-x',
    '~',
  ])('accepts %j', (name) => {
    expect(treeNameViolation(name)).toBeNull();
  });
});
