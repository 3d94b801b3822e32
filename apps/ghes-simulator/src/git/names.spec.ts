import { describe, expect, it } from '@jest/globals';
import { isLogin, isRefName, isRepositoryName } from './names.js';

describe('names', () => {
  it.each(['..', '.', 'a/b', 'a\\b', '', 'x.git', 'a\0b', '%2e%2e'])('reject the repository name %j', (name) => {
    expect(isRepositoryName(name)).toBe(false);
  });

  it.each(['..', 'api', '-a', 'a-', 'a/b', '_simulator', 'a.b'])('reject the login %j', (name) => {
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
  ])('reject the ref %j', (name) => {
    expect(isRefName(name)).toBe(false);
  });

  it.each(['main', 'docs/new', 'v1.0', 'feature#1', 'ünïcode'])('allow the ref %j', (name) => {
    expect(isRefName(name)).toBe(true);
  });
});
