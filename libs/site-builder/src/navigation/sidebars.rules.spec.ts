import { describe, expect, it } from '@jest/globals';
import { SiteIndex } from '../links/site-index.js';
import { ProblemLog } from '../problem-log.js';
import type { NavigationPage } from './navigation.rules.js';
import { navigationFromSidebars } from './sidebars.rules.js';

function read(text: string, more: readonly NavigationPage[] = []) {
  const problems = new ProblemLog(() => undefined);
  const index = new SiteIndex(
    [
      { folder: '', file: 'index.md' },
      { folder: 'guides/start', file: 'guides/start.md' },
    ],
    new Set(['logo.png']),
    new Map(),
  );
  const pages = [{ folder: '', title: 'Home' }, { folder: 'guides/start', title: 'Getting started' }, ...more];
  return {
    items: navigationFromSidebars(text, index, pages, problems, new Map([['broken.yaml', 'it has an error']])),
    problems: problems.problems,
  };
}

describe('navigationFromSidebars', () => {
  it('keeps pages, groups, labels and other sites in order', () => {
    const { items, problems } = read(
      [
        '- page: index.md',
        '- group: Guides',
        '  page: index.md',
        '  items:',
        '    - page: ./guides/start.md',
        '    - page: guides/start.md',
        '      label: Again',
        '- label: Status',
        '  href: https://status.example.com',
      ].join('\n'),
    );
    expect(problems).toEqual([]);
    expect(items).toEqual([
      { label: 'Home', href: '/', items: [] },
      {
        label: 'Guides',
        href: '/',
        items: [
          { label: 'Getting started', href: '/guides/start/', items: [] },
          { label: 'Again', href: '/guides/start/', items: [] },
        ],
      },
      { label: 'Status', href: 'https://status.example.com', items: [] },
    ]);
  });

  it('reports broken entries with their line and skips them', () => {
    const { items, problems } = read(
      '- page: index.md\n- page: gone.md\n- page: ../../x.md\n- page: logo.png\n- href: javascript:alert(1)\n- 7\n- foo: x\n',
    );
    expect(items).toHaveLength(1);
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['sidebar-page-missing', 2],
      ['sidebar-page-missing', 3],
      ['sidebar-page-missing', 4],
      ['sidebar-entry-invalid', 5],
      ['sidebar-entry-invalid', 6],
      ['sidebar-entry-invalid', 7],
    ]);
  });

  it('supports addresses of the site, fragments and separators', () => {
    const { items, problems } = read(
      [
        '- href: /guides/start/',
        '- href: guides/start.md#two',
        '  label: Two',
        '- page: guides/start.md?x=1#one',
        '- separator: More',
        '- separatorLine: true',
      ].join('\n'),
    );
    expect(problems).toEqual([]);
    expect(items).toEqual([
      { label: 'Getting started', href: '/guides/start/', items: [] },
      { label: 'Two', href: '/guides/start/#two', items: [] },
      { label: 'Getting started', href: '/guides/start/?x=1#one', items: [] },
      { label: 'More', items: [] },
    ]);
  });

  it('reports empty groups and broken addresses', () => {
    const { items, problems } = read(
      '- group: Empty\n- group: Guides\n  directory: gone\n- group: Gone\n  items: [{ page: gone.md }]\n- href: /nowhere/\n- href: ../x\n',
    );
    expect(items).toEqual([]);
    expect(problems.map(({ code, line, message }) => [code, line, message])).toEqual([
      ['sidebar-entry-invalid', 1, 'the group "Empty" has no `items`'],
      ['sidebar-page-missing', 3, 'the folder "gone" has no pages'],
      ['sidebar-page-missing', 5, 'the page "gone.md" does not exist'],
      ['sidebar-page-missing', 6, '"/nowhere/" does not lead to a page'],
      ['sidebar-entry-invalid', 7, expect.stringContaining('is neither a page nor')],
    ]);
  });

  describe('directory', () => {
    const more = [
      { folder: 'guides', title: 'Guides' },
      { folder: 'guides/10-end', title: 'End' },
      { folder: 'guides/2-more/deep', title: 'Deep' },
      { folder: 'guides-old', title: 'Old' },
    ];
    const below = [
      { label: 'More', items: [{ label: 'Deep', href: '/guides/2-more/deep/', items: [] }] },
      { label: 'End', href: '/guides/10-end/', items: [] },
      { label: 'Getting started', href: '/guides/start/', items: [] },
    ];
    const head = { label: 'Guides', href: '/guides/', items: [] };

    it.each(['guides', './guides/', '/guides'])('%s stands for the pages of the folder', (directory) => {
      expect(read(`- directory: ${directory}`, more)).toEqual({ items: [head, ...below], problems: [] });
    });

    it('fills a group, after its own items', () => {
      const group = read('- group: All\n  items: [{ page: index.md }]\n  directory: guides\n', more);
      expect(group.items).toEqual([{ label: 'All', items: [{ label: 'Home', href: '/', items: [] }, head, ...below] }]);
      expect(read('- label: Named\n  directory: guides/2-more\n', more).items).toEqual([
        { label: 'Named', items: below[0]?.items },
      ]);
    });

    it('does not repeat the page that heads the group', () => {
      const { items } = read('- group: Guides\n  page: index.md\n  directory: .\n');
      expect(items?.[0]?.items.map(({ label }) => label)).toEqual(['Guides']);
    });

    it.each([
      '../x',
      '../../etc',
      '/../x',
      'a/%2e%2e/%2e%2e/x',
      'javascript:alert(1)',
      '//evil.example',
      'guides?x',
      '#x',
    ])('attack: %s is not a folder', (directory) => {
      const { items, problems } = read(`- directory: ${JSON.stringify(directory)}`, more);
      expect([items, problems.map(({ code }) => code)]).toEqual([[], ['sidebar-entry-invalid']]);
    });

    it('attack: entries for a large folder add a bounded number of items', () => {
      const many = Array.from({ length: 20_000 }, (_, at) => ({ folder: `many/${at}`, title: 'x' }));
      const { items, problems } = read('- directory: many\n'.repeat(1500), many);
      expect(items).toHaveLength(60_000);
      expect(problems).toHaveLength(1001);
    });

    it('attack: names of object members are no folders', () => {
      const { items } = read('- directory: constructor\n- directory: __proto__\n', more);
      expect(items).toEqual([]);
    });
  });

  it('returns undefined for an empty file', () => {
    for (const text of ['', '\n', '# later\n', 'null']) expect(read(text)).toEqual({ items: undefined, problems: [] });
  });

  it('attack: takes linear time for invalid entries', () => {
    const entries = Array.from({ length: 60_000 }, (_, at) => `- ${at}`).join('\n');
    expect(read(entries).problems).toHaveLength(1001);
  });

  it('rejects anything but a list', () => {
    expect(() => read('page: index.md')).toThrow('not a list');
    expect(() => read('- a: [')).toThrow(/line 1/);
  });

  it('does not report a page that failed', () => {
    expect(read('- page: broken.yaml\n')).toEqual({ items: [], problems: [] });
  });
});
