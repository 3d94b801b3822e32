import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { articleOf, build, codes, failureOf, places, sourceFiles } from '../test/built-site.js';
import { siteAsset, type SiteAssetName } from './assets/site-assets.js';
import { defaultBuildLimits } from './build-limits.js';
import { buildSite } from './build-site.js';
import type { SourceFile } from './site-builder.js';

/** The builder's own files, in every site. */
const own = ['404.html', '_reunite/search.json', ...pathsOf('search', 'style', 'script')];
const ownOfReferences = pathsOf('redoc', 'reference');

function pathsOf(...names: SiteAssetName[]): string[] {
  return names.map((name) => siteAsset(name).path);
}

describe('buildSite', () => {
  it('builds a site from pages, a description and images', async () => {
    const built = await build({
      'README.md':
        '---\ntitle: Home\ndescription: All of it\n---\n[Start](guides/getting-started.md#getting-started) ![](logo.svg)',
      'guides/getting-started.md': '# Getting started\n\n[API](../openapi.yaml) [folder](../guides) [home](/README.md)',
      'openapi.yaml': 'openapi: 3.1.0\ninfo: { title: Pets }\n',
      'logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    });
    const paths = [...built.site.keys()].filter((path) => !/^_reunite\/reference\/[0-9a-f]+\.json$/.test(path));
    expect(new Set(paths)).toEqual(
      new Set([
        ...own,
        ...ownOfReferences,
        'guides/getting-started/index.html',
        'guides/index.html',
        'index.html',
        'logo.svg',
        'openapi/index.html',
      ]),
    );
    expect(built).toMatchObject({ pages: 3, rendered: 3, files: 13, problems: [] });
    const home = built.site.get('index.html');
    expect(home).toContain('<a href="/guides/getting-started/#getting-started">Start</a>');
    expect(home).toContain('<title>Home &ndash; Acme &lt;Docs&gt;</title>');
    expect(home).toContain('<meta name="description" content="All of it" />');
    expect(home).toContain('<h1>Home</h1>');
    const page = built.site.get('guides/getting-started/index.html');
    expect(page).toContain('<a href="/openapi/">API</a> <a href="/guides/">folder</a> <a href="/">home</a>');
    expect(page).toContain('aria-current="page">Getting started</a>');
    expect(built.types.get('logo.svg')).toBe('image/svg+xml');
    expect(built.types.get('index.html')).toBe('text/html; charset=utf-8');
  });

  it('requests nothing from other hosts and runs only its own scripts', async () => {
    const { site } = await build({ 'index.md': '# Hi\n\n## A\n\n## B', 'openapi.yaml': 'openapi: 3.1.0' });
    for (const [path, body] of site) {
      if (!path.endsWith('.html')) continue;
      const allowed = /script-src ([^;]*?)"/.exec(body.replaceAll('&#39;', "'"))?.[1]?.split(' ') ?? [];
      const scripts = [
        ...body.matchAll(/<script src="\/(_reunite\/[a-z]+\.[0-9a-f]{8}\.js)" integrity="([^"]*)" defer><\/script>/g),
      ];
      expect(scripts.length).toBeGreaterThan(0);
      expect(body.match(/<script/g)).toHaveLength(scripts.length);
      for (const [, script = '', hash = ''] of scripts) {
        expect(hash).toBe(
          `sha256-${createHash('sha256')
            .update(site.get(script) ?? '')
            .digest('base64')}`,
        );
        expect(allowed).toContain(`'${hash}'`);
      }
      expect(body).toContain(`content="default-src &#39;none&#39;;`);
      expect(body).not.toMatch(/https?:\/\/|@import|url\(/);
    }
    expect(site.get(siteAsset('style').path)).not.toMatch(/https?:\/\/|@import|url\(/);
    expect(site.get(siteAsset('redoc').path)).not.toContain('cdn.redoc');
  });

  it('loads at most 120 KB, compressed, with the first page', async () => {
    const { site } = await build({ 'index.md': `# Home\n\n${'A sentence of the page. '.repeat(500)}` });
    const page = site.get('index.html') ?? '';
    const loaded = [...page.matchAll(/<(?:script src|link rel="stylesheet" href)="\/([^"]+)"/g)].map(
      ([, path = '']) => path,
    );
    expect(loaded).toHaveLength(2);
    const texts = [page, ...loaded.map((path) => site.get(path) ?? '')];
    expect(texts.every((text) => text.length > 0)).toBe(true);
    const bytes = texts.reduce((sum, text) => sum + gzipSync(text).length, 0);
    expect(bytes).toBeLessThanOrEqual(120_000);
  });

  it('builds the same site from the same files in any order', async () => {
    const files = sourceFiles({
      'b.md': '# B\n[a](a.md)',
      'a.md': '# A',
      'x/y.md': 'y',
      'z.png': 'png',
      'openapi.yaml': 'openapi: 3.1.0',
    });
    const one = await build(files);
    const other = await build([...files].reverse());
    expect([...other.site]).toEqual([...one.site]);
  });

  it('accepts a stream of files', async () => {
    async function* stream(): AsyncGenerator<SourceFile> {
      yield* await Promise.resolve(sourceFiles({ 'index.md': '# Hi' }));
    }
    const result = await buildSite(
      {
        title: 'x',
        files: stream(),
        limits: defaultBuildLimits,
        log: () => undefined,
        signal: new AbortController().signal,
      },
      () => Promise.resolve(),
    );
    expect(result.pages).toBe(1);
  });

  it('has a start page and a 404 page even for an empty folder', async () => {
    const { site, pages } = await build({});
    expect(pages).toBe(0);
    expect(site.get('index.html')).toContain('There are no pages here yet.');
    expect(site.get('404.html')).toContain('Page not found');
  });

  it('orders the navigation by sidebars.yaml', async () => {
    const { site } = await build({
      'a.md': '# A',
      'b.md': '# B',
      'sidebars.yaml': '- page: b.md\n- group: More\n  items:\n    - page: a.md\n',
    });
    expect(site.get('a/index.html')).toMatch(
      /href="\/b\/">B<[\s\S]*<summary><span>More<\/span><\/summary>[\s\S]*aria-current="page">A</,
    );
  });
});

describe('a page with an error', () => {
  it.each([
    ['a.md', Buffer.from('fffe2300', 'hex'), 'encoding-unsupported a.md:'],
    ['openapi.yaml', 'openapi: 3.1.0\npaths: [', 'openapi-invalid openapi.yaml:2'],
    ['test/fixtures/x.yaml', 'openapi: 3.1.0\npaths: [', 'openapi-invalid test/fixtures/x.yaml:2'],
    ['swagger.json', '{"swagger": "2.0",', 'openapi-invalid swagger.json:1'],
    ['_partials/a.md', Buffer.from('fffe2300', 'hex'), 'encoding-unsupported _partials/a.md:'],
    ['big.md', { size: 5_000_000 }, 'page-too-large big.md:'],
    ['deep.md', '<b>'.repeat(2000), 'page-too-complex deep.md:'],
    ['yaml.md', '---\ntitle: a: b\n---\n\nText', 'front-matter-invalid yaml.md:2'],
    ['sidebars.yaml', '- a: [', 'sidebars-invalid sidebars.yaml:1'],
  ])('does not fail the site: %s', async (path, content, problem) => {
    const built = await build({ 'index.md': '# Fine', [path]: content });
    expect(built.problems).toMatchObject([{ severity: 'error' }]);
    expect(places(built)).toEqual([problem]);
    expect(built.site.get('index.html')).toContain('<h1 id="fine">');
    expect(built.log.some((line) => line.startsWith('error '))).toBe(true);
  });

  it('is replaced with a note if others may link to it already', async () => {
    const built = await build({ 'index.md': '# I\n\n[d](deep.md)', 'deep.md': `# Deep\n\n${'<b>'.repeat(2000)}` });
    expect(built.pages).toBe(1);
    expect(articleOf(built, 'deep/index.html')).toContain('This page cannot be shown');
  });

  it('is built without its front matter if that is invalid', async () => {
    const built = await build({ 'a.md': '---\ntitle: a: b\n---\n\n# Title\n\nText' });
    expect(articleOf(built, 'a/index.html')).toMatch(/^<h1 id="title">Title[^]*<p>Text<\/p>$/);
  });

  it('fails the build if there is no other page', async () => {
    const error = await failureOf({ 'deep.md': '<b>'.repeat(2000) });
    expect(error.code).toBe('page-too-complex');
  });

  it('fails the build if the store cannot be read, so that it is repeated', async () => {
    const read = () => Promise.reject(new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') }));
    await expect(build([{ path: 'a.md', mode: '100644', read }])).rejects.toThrow('fetch failed');
  });
});

describe('the search index', () => {
  it('contains titles, headings and operations', async () => {
    const { site } = await build({
      'index.md': '# Home\n\nSome *text* with `code`.\n\n## First *one*\n\n- an item\n\n```\nnot this\n```\n',
      'openapi.yaml': 'openapi: 3.1.0\ninfo: { title: Pets }\npaths: { /a: { get: { operationId: a } } }',
    });
    expect(JSON.parse(site.get('_reunite/search.json') ?? '')).toEqual([
      ['Home', '/', [['First one', 'first-one']], 'Some text with code. an item'],
      ['Pets', '/openapi/', [['a – GET /a', 'operation/a']]],
    ]);
  });
});

describe('redirects of redocly.yaml', () => {
  it('lead to pages of the site and to https addresses', async () => {
    const { site, problems } = await build({
      'redocly.yaml':
        'redirects:\n  /old: { to: /new.md, type: 301 }\n  /a/b.html: { to: "new#x" }\n  /out: { to: "https://example.com/?a=1&b" }\n',
      'new.md': '# New',
    });
    expect(problems).toEqual([]);
    expect(site.get('old/index.html')).toContain('content="0; url=/new/"');
    expect(site.get('a/b/index.html')).toContain('content="0; url=/new/#x"');
    expect(site.get('out/index.html')).toContain('content="0; url=https://example.com/?a=1&amp;b"');
  });

  it.each([
    ['/new', '/other.md'],
    ['/x', 'javascript:alert(1)'],
    ['/x', '//evil.example'],
    ['/x', 'http://evil.example'],
    ['/x', '/gone'],
    ['/x', '../../etc/passwd'],
    ['/_reunite/search.json', '/new'],
    ['../../x', '/new'],
    ['https://x.example', '/new'],
  ])('attack: does not redirect %s to %s', async (from, to) => {
    const redirects = JSON.stringify({ redirects: { [from]: { to } } });
    const built = await build({ 'redocly.yaml': redirects, 'new.md': '# New', 'other.md': '# Other' });
    expect(codes(built)).toEqual(['redirect-invalid redocly.yaml']);
    for (const [, body] of built.site) expect(body).not.toContain('http-equiv="refresh"');
  });
});
