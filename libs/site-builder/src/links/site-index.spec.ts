import { describe, expect, it } from '@jest/globals';
import { SiteIndex } from './site-index.js';

describe('SiteIndex', () => {
  const sut = new SiteIndex(
    [{ folder: '', file: 'index.md' }, { folder: 'a/b', file: 'a/b.md' }, { folder: 'a' }],
    new Set(['a b.png']),
    new Set(['app.js']),
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

  it('recognizes existing files that are not published', () => {
    expect([sut.isUnpublished('app.js'), sut.isUnpublished('gone')]).toEqual([true, false]);
  });
});
