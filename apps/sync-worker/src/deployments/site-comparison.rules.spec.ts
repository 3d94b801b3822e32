import { describe, expect, it } from '@jest/globals';
import { compareSites } from './site-comparison.rules.js';

const site = (files: Readonly<Record<string, string>>) => ({
  paths: () => new Map(Object.entries(files)).keys(),
  file: (path: string) => (path in files ? ({ id: files[path] } as never) : null),
});

describe('the comparison of two sites', () => {
  const base = site({ 'index.html': '1', 'gone.html': '2', 'logo.png': '3', 'same.css': '4' });
  const now = site({ 'index.html': '5', 'new/index.html': '6', 'logo.png': '7', 'same.css': '4' });

  it('lists added, removed and changed files, pages first', () => {
    const { items, pages, assets } = compareSites(now, base);
    expect(items.map(({ path, kind, change }) => `${kind} ${path} ${change}`)).toEqual([
      'page gone.html removed',
      'page index.html changed',
      'page new/index.html added',
      'asset logo.png changed',
    ]);
    expect([pages, assets]).toEqual([
      { added: 1, removed: 1, changed: 1 },
      { added: 0, removed: 0, changed: 1 },
    ]);
  });

  it('adds every file if there is no other site', () => {
    expect(compareSites(now, null).pages).toEqual({ added: 2, removed: 0, changed: 0 });
  });

  it('counts all files, and lists at most 1,000', () => {
    const many = site(Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`${index}.html`, 'x'])));
    expect(compareSites(many, null)).toMatchObject({ pages: { added: 1_001 }, truncated: true });
  });
});
