import { describe, expect, it } from '@jest/globals';
import { build } from '../../test/built-site.js';
import { SiteVariants } from './site-variants.js';

const menuIn = (markup = '', label = 'Version') => {
  const [, list = ''] = new RegExp(`<summary aria-label="${label}:[^]*?<ul>([^]*?)</ul>`).exec(markup) ?? [];
  return [...list.matchAll(/href="([^"]*)"[^>]*>([^<]*)</g)].map(([, href, text]) => `${text} ${href}`);
};
const canonicalIn = (markup = '') => /rel="canonical" href="([^"]*)"/.exec(markup)?.[1];

describe('versions by folder', () => {
  const files = {
    'redocly.yaml': 'seo: { siteUrl: https://docs.example }',
    'index.md': '# Home',
    'docs/@v2/index.md': '# Docs 2',
    'docs/@v2/start.md': '# Start 2',
    'docs/@v10/start.md': '# Start 10',
  };

  it('lead to the same page, or else to the start of the version', async () => {
    const { site, problems } = await build(files);
    expect(problems).toEqual([]);
    expect(menuIn(site.get('docs/@v2/start/index.html'))).toEqual(['v2 /docs/%40v2/start/', 'v10 /docs/%40v10/start/']);
    expect(menuIn(site.get('docs/@v2/index.html'))).toEqual(['v2 /docs/%40v2/', 'v10 /docs/%40v10/']);
    expect(menuIn(site.get('index.html'))).toEqual([]);
  });

  it('have the canonical address of the default version, and a search without the others', async () => {
    const { site } = await build(files);
    const start = site.get('docs/@v2/start/index.html');
    expect(canonicalIn(start)).toBe('https://docs.example/docs/%40v10/start/');
    expect(canonicalIn(site.get('docs/@v2/index.html'))).toBe('https://docs.example/docs/%40v2/');
    expect(start).toContain('data-hidden="/docs/%40v10/"');
  });

  it('are named, ordered and left out by versions.yaml', async () => {
    const settings = 'default: v2\nversions:\n  - { version: v10, name: <Ten> }\n  - version: v2\n  - version: gone';
    const more = { ...files, 'docs/versions.yaml': settings, 'docs/@v3/start.md': '# Start 3' };
    const { site } = await build(more);
    const start = site.get('docs/@v10/start/index.html');
    expect(menuIn(start)).toEqual(['&lt;Ten&gt; /docs/%40v10/start/', 'v2 /docs/%40v2/start/']);
    expect(canonicalIn(start)).toBe('https://docs.example/docs/%40v2/start/');
  });

  it('are shown without a versions.yaml that is not valid, which is reported', async () => {
    const { site, problems } = await build({ ...files, 'docs/versions.yaml': 'versions: [' });
    expect(problems).toMatchObject([{ code: 'configuration-invalid', file: 'docs/versions.yaml' }]);
    expect(menuIn(site.get('docs/@v2/start/index.html'))).toHaveLength(2);
  });
});

describe('languages by folder', () => {
  const files = {
    'redocly.yaml':
      'seo: { siteUrl: https://docs.example }\nl10n: { defaultLocale: en-US, locales: [{ code: es-ES, name: Español }, { code: en-US, name: English }] }',
    'index.md': '# Home',
    'start.md': '# Start',
    '@l10n/es-ES/index.md': '# Inicio',
    '@l10n/es-ES/docs/@v1/a.md': '# A1',
    '@l10n/es-ES/docs/@v2/a.md': '# A2',
    '@l10n/not a language/x.md': '# X',
  };

  it('have a menu, their own `lang` and navigation, and links for search engines', async () => {
    const { site, problems } = await build(files);
    expect(problems).toEqual([]);
    const spanish = site.get('@l10n/es-ES/index.html');
    expect(spanish).toContain('<html lang="es-ES">');
    expect(menuIn(spanish, 'Language')).toEqual(['English /', 'Español /%40l10n/es-ES/']);
    expect(spanish).toContain('hreflang="es-ES" href="https://docs.example/%40l10n/es-ES/"');
    expect(spanish).toContain('hreflang="x-default" href="https://docs.example/"');
    expect(spanish).not.toContain('>Start</a>');
    expect(site.get('start/index.html')).not.toContain('rel="alternate" hreflang="es-ES"');
    expect(site.get('start/index.html')).not.toContain('>A1</a>');
  });

  it('have versions of their own', async () => {
    const { site } = await build(files);
    expect(menuIn(site.get('@l10n/es-ES/docs/@v1/a/index.html'))).toEqual([
      'v1 /%40l10n/es-ES/docs/%40v1/a/',
      'v2 /%40l10n/es-ES/docs/%40v2/a/',
    ]);
  });
});

describe('variants of hostile repositories', () => {
  it('attack: any number of versions is a menu of 50 entries', () => {
    const folders = Array.from({ length: 10_000 }, (_, at) => `d/@v${at}/p`);
    const variants = new SiteVariants(folders, new Map(), {}, 'en');
    expect(variants.of('d/@v7/p')?.versions).toHaveLength(50);
  });

  it('attack: settings of any type have no effect', () => {
    for (const hostile of [null, 1, 'x', [1], { versions: 1, default: {} }, { versions: [null, { version: [] }] }]) {
      const settings = new Map([['d', (hostile ?? {}) as Record<string, unknown>]]);
      const variants = new SiteVariants(['d/@a/p', 'd/@b/p', '@l10n/es/p', 'p'], settings, hostile, 'en');
      expect(variants.of('d/@a/p')?.versions.map(({ label }) => label)).toEqual(['a', 'b']);
      expect(variants.of('p')?.languages.map(({ label }) => label)).toEqual(['en', 'es']);
    }
  });
});
