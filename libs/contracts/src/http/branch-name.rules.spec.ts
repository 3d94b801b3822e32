import { describe, expect, it } from '@jest/globals';
import { branchNameViolation } from './branch-name.rules.js';

describe('the name of a branch', () => {
  it.each(['main', 'docs/new-page', 'ä ö'.replace(' ', '\u00a0'), 'v1.2', 'a@b', '日本語', 'feature#1'])(
    'may be %j',
    (name) => {
      expect(branchNameViolation(name)).toBeNull();
    },
  );

  it.each([
    ...['', 'a b', 'a\nb', 'a..b', 'a~1', 'a^', 'a:b', 'a?', 'a*', 'a[b', 'a\\b', '/a', 'a/', 'a//b', 'a.', '-a'],
    ...['.a', 'a/.b', 'a.lock', 'a.lock/b', '@', 'HEAD', 'a@{1}', 'refs/heads/a', 'a'.repeat(245), 'a'.repeat(40)],
  ])('may not be %j', (name) => {
    expect(branchNameViolation(name)).toMatch(/\.$/);
  });
});
