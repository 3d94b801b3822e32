import { describe, expect, it } from '@jest/globals';
import { IgnoredFiles } from './ignore.rules.js';

function globs(...patterns: string[]): IgnoredFiles {
  const ignored = new IgnoredFiles();
  ignored.addGlobs(patterns);
  return ignored;
}

function file(text: string): IgnoredFiles {
  const ignored = new IgnoredFiles();
  ignored.addFile(text);
  return ignored;
}

describe('IgnoredFiles', () => {
  it.each([
    ['foo/bar.md', 'foo/bar.md', true],
    ['foo/bar.md', 'x/foo/bar.md', false],
    ['foo', 'foo/a/b.md', true],
    ['foo', 'a/foo/b.md', false],
    ['foo', 'food.md', false],
    ['**/foo/**/*', 'foo/a.md', true],
    ['**/foo/**/*', 'a/b/foo/c/d.md', true],
    ['**/*.yaml', 'a/b.yaml', true],
    ['**/*.yaml', 'b.yaml', true],
    ['*.{yaml,yml}', 'b.yml', true],
    ['*.{yaml,yml}', 'b.md', false],
    ['./a/', 'a/x.md', true],
    ['a/', 'a', false],
    ['a?.md', 'ab.md', true],
    ['[a-c]*.md', 'b1.md', true],
    ['[!a-c]*.md', 'b1.md', false],
    ['*', 'ü🎉.md', true],
  ])('decides with the glob %s whether %s is ignored', (pattern, path, ignored) => {
    expect(globs(pattern).has(path)).toBe(ignored);
  });

  it('makes exceptions', () => {
    const ignored = globs('**/foo/**/*', '!**/foo/baz.md');
    expect(['a/foo/b.md', 'a/foo/baz.md'].map((path) => ignored.has(path))).toEqual([true, false]);
  });

  it('reads the syntax of .gitignore', () => {
    const ignored = file('# comment\r\nfixtures\r\n/top.md\n*.tmp.md  \n\\#x.md\na/b\n!keep.tmp.md\n');
    const paths = ['x/fixtures/a.md', 'top.md', 'x/top.md', 'x/y.tmp.md', 'keep.tmp.md', '#x.md', 'c/a/b', 'a/b/c'];
    expect(paths.map((path) => ignored.has(path))).toEqual([true, true, false, true, false, true, false, true]);
  });

  it('attack: matches a hostile pattern in bounded time', () => {
    const ignored = globs(`${'*a'.repeat(240)}b`, `${'**/a/'.repeat(90)}b`, '{a,b}'.repeat(90));
    const start = performance.now();
    expect(ignored.has(`${'a/'.repeat(900)}${'a'.repeat(200)}`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
