import { describe, expect, it } from '@jest/globals';
import { navigationFromFolders, titleOfFolder, type NavigationItem } from './navigation.rules.js';
import { navigationView } from './navigation.view.js';
import { SiteNavigation } from './site-navigation.js';

const page = (folder: string, title = folder) => ({ folder, title });

function outline(items: readonly NavigationItem[], indent = ''): string[] {
  return items.flatMap(({ label, href, items: inner }) => [
    `${indent}${label}${href === undefined ? '' : ` ${href}`}`,
    ...outline(inner, `${indent}  `),
  ]);
}

describe('navigationFromFolders', () => {
  it('follows the folders, ordered by numbers in names', () => {
    const pages = [
      page('10-upgrade', 'Upgrade'),
      page('2-install/linux', 'Linux'),
      page('', 'Home'),
      page('api', 'The API'),
      page('api/pets', 'Pets'),
    ];
    expect(outline(navigationFromFolders(pages))).toEqual([
      'Home /',
      'Install',
      '  Linux /2-install/linux/',
      'Upgrade /10-upgrade/',
      'The API /api/',
      '  Pets /api/pets/',
    ]);
  });

  it('uses the names of folders without a page', () => {
    expect(['01-getting_started', 'api', 'a/b/how-to', '2024'].map(titleOfFolder)).toEqual([
      'Getting started',
      'API',
      'How to',
      '2024',
    ]);
  });
});

describe('navigationView', () => {
  const pages = Array.from({ length: 1000 }, (_, index) => page(`group-${index % 10}/page-${index}`));

  it('marks the current page and opens its groups', () => {
    const navigation = new SiteNavigation(navigationFromFolders([page('a/b', 'B'), page('c/d', 'D')]));
    const { markup } = navigationView(navigation, '/a/b/');
    expect(markup).toContain('<a href="/a/b/" aria-current="page">B</a>');
    expect(markup.match(/<details open>/g)).toHaveLength(1);
    expect(navigation.neighboursOf('/a/b/').next?.href).toBe('/c/d/');
    expect(navigation.neighboursOf('/a/b/').previous).toBeUndefined();
  });

  it('opens the group of a page that is listed with a fragment', () => {
    const item = { label: 'B', href: '/b/#x', items: [] };
    const navigation = new SiteNavigation([{ label: 'More', items: [{ label: 'Separator', items: [] }, item] }]);
    expect(navigationView(navigation, '/b/').markup).toMatch(/<details open>[^]*<span>Separator<[^]*href="\/b\/#x"/);
    expect(navigation.trailOf('/b/')).toContain(item);
  });

  it('marks on each page its own entry, and all entries of a page that is listed twice', () => {
    const listed = [page('a/b', 'B'), page('a/c', 'C'), page('d/e', 'E')];
    const again = { label: 'Again', items: [{ label: 'E again', href: '/d/e/', items: [] }] };
    const navigation = new SiteNavigation([...navigationFromFolders(listed), again]);
    const markedOn = (address: string) =>
      [...navigationView(navigation, address).markup.matchAll(/aria-current="page">([^<]*)</g)].map(
        ([, label]) => label,
      );
    expect(['/a/b/', '/a/c/', '/d/e/', '/a/b/'].map(markedOn)).toEqual([['B'], ['C'], ['E', 'E again'], ['B']]);
  });

  it('shows neighbours only in a large site', () => {
    const { markup } = navigationView(new SiteNavigation(navigationFromFolders(pages)), '/group-3/page-503/');
    expect(markup).toContain('href="/group-3/page-503/" aria-current="page"');
    expect(markup).toContain('href="/group-4/page-4/"');
    expect(markup.match(/<li/g)?.length).toBeLessThan(200);
  });
});
