import { describe, expect, it } from '@jest/globals';
import { SiteIndex } from './site-index.js';

describe('SiteIndex', () => {
  const sut = new SiteIndex(
    [{ folder: '', file: 'index.md' }, { folder: 'a/b', file: 'a/b.md' }, { folder: 'a' }],
    new Set(['a b.png']),
    new Map([
      ['app.js', 'scripts are not published'],
      ['module', 'it is in a submodule'],
    ]),
  );

  it.each([
    ['', '/'],
    ['README.md', '/'],
    ['a', '/a/'],
    ['a/b.md', '/a/b/'],
    ['a/b', '/a/b/'],
    ['a/b.html', '/a/b/'],
    ['a b.png', '/a%20b.png'],
  ])('finds %j at %s', (path, href) => {
    expect(sut.find(path)?.href).toBe(href);
  });

  it.each(['.env', 'a/b.png', 'a.md', 'app.js', 'gone'])('does not resolve %s to a page', (path) => {
    expect(sut.find(path)).toBeUndefined();
  });

  it('knows why existing files are not published', () => {
    const reasons = ['app.js', 'module/a/b.md', 'gone'].map((path) => sut.unpublishedReason(path));
    expect(reasons).toEqual(['scripts are not published', 'it is in a submodule', undefined]);
  });
});
