import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { build } from '../test/built-site.js';
import { defaultBuildLimits } from './build-limits.js';
import { SETTINGS } from './configuration/site-configuration.js';
import { isTagged } from './markdown/markdown.parser.js';
import { SHARED_TAGS, SUPPORTED_TAGS } from './markdown/tag-elements.rules.js';

const page = readFileSync(new URL('../../../docs/sites.md', import.meta.url), 'utf8');

/** The names in the first column of the tables of a section. */
function namesIn(section: string): string[] {
  const [, content = ''] = page.split(`\n## ${section}\n`);
  const [own = ''] = content.split('\n## ');
  const cells = [...own.matchAll(/^\| (`[^|]+`)/gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)).sort();
}

describe('docs/sites.md', () => {
  it('lists the tags that are supported', () => {
    expect(namesIn('Tags')).toEqual([...SUPPORTED_TAGS].sort());
  });

  it('names the tags that alone do not turn on Markdoc in a .md file', () => {
    const without = [...SUPPORTED_TAGS].filter((tag) => !isTagged(`Text {% ${tag} %}`, 'a.md'));
    expect(without.sort()).toEqual([...SHARED_TAGS].sort());
    const [, stated = ''] = /outside of code\. ([^]+?) do not count/.exec(page) ?? [];
    expect([...stated.matchAll(/`([^`]+)`/g)].map(([, name]) => name).sort()).toEqual(without.sort());
  });

  it('lists the keys of redocly.yaml that are read', () => {
    expect(namesIn('`redocly.yaml`')).toEqual([...SETTINGS].sort());
  });

  it('states the limits of a build', () => {
    const [, limits = ''] = page.split('\n## Limits\n');
    const stated = [...limits.matchAll(/\| ([\d,]+)( MB)?\s+\|$/gm)].map(
      ([, number = '', unit]) => Number(number.replaceAll(',', '')) * (unit === undefined ? 1 : 1024 ** 2),
    );
    expect(stated).toEqual(Object.values(defaultBuildLimits));
  });

  it('is right about tags: each is accepted, and any other is a warning', async () => {
    const unknown = async (tag: string) => {
      const { problems } = await build({ 'a.mdoc': `# A\n\n{% ${tag} %}\n\ntext\n\n{% /${tag} %}\n` });
      return problems.some(({ code }) => code === 'tag-unknown');
    };
    // An `if` without a condition is reported.
    const tags = namesIn('Tags').filter((tag) => tag !== 'if' && tag !== 'else');
    const withContent = tags.filter((tag) => !/^(?:img|partial|code-snippet|openapi-.*|graphql-.*)$/.test(tag));
    for (const tag of withContent) expect([tag, await unknown(tag)]).toEqual([tag, false]);
    expect(await unknown('other-tag')).toBe(true);
  });
});

describe('keys of redocly.yaml without an effect', () => {
  it('are named in one line of the log', async () => {
    const { log, problems } = await build({ 'a.md': '# A', 'redocly.yaml': 'theme: {}\nrules: {}\nrbac: {}\n' });
    expect(problems).toEqual([]);
    expect(log.filter((line) => line.includes('no effect'))).toEqual([
      'info : redocly.yaml: "theme", "rbac" have no effect',
    ]);
  });

  it('attack: any number of long keys is one short line', async () => {
    const keys = Array.from({ length: 2_000 }, (_, at) => `${'k'.repeat(100)}${at}: 1\n`).join('');
    const { log } = await build({ 'a.md': '# A', 'redocly.yaml': keys });
    const lines = log.filter((line) => line.includes('no effect'));
    expect([lines.length, (lines[0] ?? '').length < 2_000]).toEqual([1, true]);
  });
});
