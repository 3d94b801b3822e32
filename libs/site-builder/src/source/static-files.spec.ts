import { describe, expect, it } from '@jest/globals';
import { articleOf, build, codes } from '../../test/built-site.js';

describe('the folder static', () => {
  it('is served from the root of the site, whether or not pages link to its files', async () => {
    const { site, problems, types } = await build({
      'index.md': '# Home',
      'static/robots.txt': 'User-agent: *',
      'static/images/logo.png': 'png',
      'static/static/deep.png': 'deep',
      'static/openapi.yaml': 'openapi: 3.1.0\npaths: {}',
    });
    expect(problems).toEqual([]);
    expect(site.get('robots.txt')).toBe('User-agent: *');
    expect(types.get('images/logo.png')).toBe('image/png');
    expect(site.get('static/deep.png')).toBe('deep');
    // Not a page.
    expect(site.get('openapi.yaml')).toContain('3.1.0');
    expect([...site.keys()].filter((path) => /^static\/(?!deep)|^openapi\//.test(path))).toEqual([]);
  });

  it('resolves links by address, as Realm documents them, and by path', async () => {
    const result = await build({
      'guides/a.md': '![x](/images/logo.png) ![y](../static/images/logo.png) [z](/static/images/logo.png?v=1)',
      'static/images/logo.png': 'png',
    });
    expect(result.problems).toEqual([]);
    const addresses = [...articleOf(result, 'guides/a/index.html').matchAll(/(?:src|href)="([^"]+)"/g)];
    expect(addresses.map(([, address]) => address)).toEqual([
      '/images/logo.png',
      '/images/logo.png',
      '/images/logo.png?v=1',
    ]);
  });

  it('is ordinary below another folder', async () => {
    const { site } = await build({ 'index.md': '# Home', 'docs/static/a.png': 'a', 'static.png': 'b' });
    expect([site.get('docs/static/a.png'), site.get('static.png')]).toEqual(['a', 'b']);
  });

  it('attack: thousands of files at addresses of other files are one diagnostic', async () => {
    const names = Array.from({ length: 3000 }, (_, at) => `${String(at).padStart(4, '0')}.png`);
    const files = names.flatMap((name) => [
      [name, 'page image'],
      [`static/${name}`, 'static'],
    ]);
    const result = await build({
      'index.md': '# Home\n\n![x](static/0000.png)',
      ...(Object.fromEntries(files) as Record<string, string>),
    });
    expect(codes(result)).toEqual(['address-taken static/0000.png', 'file-not-published index.md']);
    expect(result.problems[0]?.message).toMatch(/"static\/0004\.png" and 2995 more$/);
    expect(result.site.get('0000.png')).toBe('page image');
  });

  it('attack: files cannot replace pages, generated files or folders of the site', async () => {
    const result = await build({
      'index.md': '# Home',
      'data.json.md': '# Data',
      'a.png.md': '# A folder with the name of a file',
      'static/a.png': 'x',
      'static/index.html': '<script>alert(1)</script>',
      'static/404.html': '<script>alert(1)</script>',
      'static/sitemap.xml': '<x/>',
      'static/app.js': 'alert(1)',
      'static/_reunite/search.json': 'x',
      'static/_Reunite/search.json': '{}',
      'static/.env': 'SECRET=1',
    });
    expect(codes(result).sort()).toEqual([
      'address-taken static/a.png',
      'path-reserved static/_Reunite/search.json',
      'path-reserved static/_reunite/search.json',
    ]);
    expect([...result.site.values()].join('')).not.toContain('alert(1)');
    expect([...result.site.values()].join('')).not.toContain('SECRET');
    expect(result.site.get('a.png/index.html')).toContain('A folder with the name of a file');
    expect(result.site.get('_reunite/search.json')).not.toBe('x');
    for (const path of ['sitemap.xml', 'app.js', '_Reunite/search.json', '.env', 'a.png'])
      expect([path, result.site.has(path)]).toEqual([path, false]);
  });

  it('attack: paths and symbolic links do not lead out of the folder', async () => {
    const result = await build({
      'index.md': '# Home',
      'images/logo.png': 'logo',
      'static/../../passwd.txt': 'x',
      'static//etc.txt': 'x',
      'static/passwd.txt': { link: '/etc/passwd' },
      'static/outside.txt': { link: '../../outside.txt' },
      'static/loop': { link: '../static' },
      'static/logo.png': { link: '../images/logo.png' },
    });
    expect(codes(result).sort()).toEqual([
      'path-unsafe',
      'path-unsafe',
      'symlink-skipped static/loop',
      'symlink-skipped static/outside.txt',
      'symlink-skipped static/passwd.txt',
    ]);
    expect(result.site.get('logo.png')).toBe('logo');
    expect([...result.site.keys()].filter((path) => path.endsWith('.txt'))).toEqual([]);
  });
});
