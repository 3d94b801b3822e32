import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { branchOfRef, isBranchName } from './ref-name.rules.js';

describe('the name of a branch', () => {
  it.each(['main', 'feature/one', 'a.b', 'übung', '@home', 'x'.repeat(255), 'rem/git/rem_1-main'])(
    'may be %s',
    (name) => {
      expect(branchOfRef(`refs/heads/${name}`)).toBe(name);
    },
  );

  it.each([
    '',
    '..',
    '../../etc/passwd',
    'a/../b',
    '.hidden',
    'a/.hidden',
    'a.lock',
    'a.lock/b',
    'a.',
    '/a',
    'a/',
    'a//b',
    'a b',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[b',
    'a\\b',
    'a@{1}',
    'a\u0000b',
    'a\nb',
    'a\u007f',
    'x'.repeat(256),
    'ü'.repeat(128),
    'x'.repeat(60_000),
  ])('attack: cannot be %j', (name) => {
    expect(branchOfRef(`refs/heads/${name}`)).toBeNull();
  });

  it.each(['a.b', 'a..b', 'a.lock', 'a/b', 'a/.b', 'a@{b', 'a~b', '-a', 'a@', '@'])('%s: as git decides', (name) => {
    const isValid = () => {
      try {
        execFileSync('git', ['check-ref-format', `refs/heads/${name}`], { stdio: 'ignore' });
        return true;
      } catch {
        return false;
      }
    };
    expect(isBranchName(name)).toBe(isValid());
  });

  it('is not the name of a tag', () => {
    expect(branchOfRef('refs/tags/v1')).toBeNull();
  });
});
