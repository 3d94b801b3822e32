import { describe, expect, it } from '@jest/globals';
import { isLogin, isRefName, isRepositoryName } from './names.js';

describe('names', () => {
  it.each(['..', '.', 'a/b', 'a\\b', '', 'x.git', 'a\0b', '%2e%2e'])('refuses the repository name %j', (name) => {
    expect(isRepositoryName(name)).toBe(false);
  });

  it.each(['..', 'api', '-a', 'a-', 'a/b', '_simulator', 'a.b'])('refuses the login %j', (name) => {
    expect(isLogin(name)).toBe(false);
  });

  it.each([
    '--upload-pack=x',
    '-x',
    'a..b',
    'a b',
    'a~1',
    'a^',
    'a:b',
    'x.lock',
    '/a',
    'a/',
    'a//b',
    '@',
    'a@{1}',
    'a\nb',
  ])('refuses the ref %j', (name) => {
    expect(isRefName(name)).toBe(false);
  });

  it.each(['main', 'docs/new', 'v1.0', 'feature#1', 'ünïcode'])('allows the ref %j', (name) => {
    expect(isRefName(name)).toBe(true);
  });
});
