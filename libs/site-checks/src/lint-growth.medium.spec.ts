import { describe, expect, it } from '@jest/globals';
import type { Problem } from '@reunite/site-builder';
import { growthExponent } from '@reunite/testing';
import { FindingLog } from './finding-log.js';
import { linkFindings } from './link-findings.js';
import { lintPage } from './markdown/lint-page.js';
import { allowedSettings } from './openapi/configuration.rules.js';

const KIB = 1_024;

/** Constructs that the rules look at: headings, links, images and tags, finished and not. */
const MARKDOWN = [
  ...['# a\n', '###### a\n', '#\n', 'a\n=\n', '[](', '[](#)', '![](a)', '[![](a)](b)', '[a', 'a  \n'],
  ...['{% a', '{% a %}\n', '{% if %}\n', '{% /if %}\n', '<h1', '<h1>a</h1>\n\n', '&#0;', '| # a |\n'],
];

const page = (path: string) => (text: string) => lintPage({ path, text, partial: false }, new FindingLog());

/** `count` settings of each kind that is compared with a list. */
function configuration(count: number): unknown {
  const keys = Array.from({ length: count }, (_, index) => `a${index}`);
  const rules = Object.fromEntries(keys.map((key) => [`rule/${key}`, { subject: { type: key }, pattern: key }]));
  return {
    extends: keys,
    plugins: keys,
    rules,
    apis: Object.fromEntries(keys.map((key) => [key, { root: key, rules }])),
  };
}

describe('the lint of a repository', () => {
  it.each<[string, string]>([
    ['Markdown', 'a.md'],
    ['Markdoc', 'a.mdoc'],
  ])(
    'attack: %s with many findings takes time linear to its size',
    (_name, path) => {
      const slow = MARKDOWN.filter((part) => {
        const input = (size: number) => part.repeat(Math.ceil(size / part.length));
        return growthExponent(input, page(path), { maxSize: 128 * KIB, runs: 1 }) > 1.6;
      });
      expect(slow).toEqual([]);
    },
    240_000,
  );

  it('attack: long lines of findings take time linear to their size', () => {
    const heading = growthExponent((size) => `# ${'a'.repeat(size)}\n\n# ${'a'.repeat(size)}`, page('a.md'));
    const tag = growthExponent((size) => `{% ${'a '.repeat(size / 2)}`, page('a.md'));
    expect(Math.max(heading, tag)).toBeLessThan(1.6);
  }, 120_000);

  it('attack: many broken links take time linear to their number', () => {
    const problems = (size: number): Problem[] =>
      Array.from({ length: size / 64 }, (_, index) => ({
        ...{ severity: 'warning' as const, code: 'link-broken' as const, file: `${index % 7}.md`, line: index },
        message: 'a\u0000'.repeat(16),
      }));
    expect(growthExponent(problems, linkFindings)).toBeLessThan(1.6);
  }, 60_000);

  it('attack: many rule sets, known and unknown ones, take time linear to their number', () => {
    const sets = (size: number) => ({ extends: Array.from({ length: size / 8 }, (_, n) => (n % 2 ? 'all' : `a${n}`)) });
    expect(growthExponent(sets, allowedSettings)).toBeLessThan(1.6);
  }, 60_000);

  it('attack: many settings take time linear to their number', () => {
    const settings = (size: number) => configuration(Math.ceil(Math.sqrt(size / 16)));
    expect(growthExponent(settings, allowedSettings, { maxSize: 256 * KIB })).toBeLessThan(1.6);
  }, 60_000);
});
