import { describe, expect, it } from '@jest/globals';
import { build, codes } from '../../test/built-site.js';

describe('takeSnapshot', () => {
  it('attack: follows no symbolic link and no submodule', async () => {
    const built = await build({
      'link.md': { mode: '120000' },
      module: { mode: '160000' },
      'index.md': '[x](link.md)',
    });
    expect(codes(built)).toEqual(['symlink-skipped link.md', 'submodule-skipped module', 'link-broken index.md']);
  });

  it('recognises LFS pointers', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n';
    const built = await build({ 'a.png': pointer, 'b.md': pointer });
    expect(codes(built)).toEqual(['lfs-pointer b.md', 'lfs-pointer a.png']);
    expect(built.site.has('a.png')).toBe(false);
  });

  it('attack: keeps paths inside of the site', async () => {
    const built = await build({
      '../evil.md': 'x',
      '/etc/x.png': 'x',
      'a/../../b.md': 'x',
      'c\\d.md': 'x',
      'ok.md': 'x',
    });
    expect(built.problems.map(({ code }) => code)).toEqual(Array(4).fill('path-unsafe'));
    expect(built.pages).toBe(1);
  });

  it('attack: reserves the folder of its own scripts', async () => {
    const names = ['_reunite/site.js', '_Reunite/x.png', '_reunite/page.md', '_reunite.md', '_reunite/search.json'];
    const built = await build(Object.fromEntries(names.map((name) => [name, 'x'])));
    expect(built.problems.map(({ code }) => code)).toEqual(names.map(() => 'path-reserved'));
    expect(built.pages).toBe(0);
    expect([...built.site.values()]).not.toContain('x');
  });

  it('publishes files that pages show or link to, except executable and hidden ones', async () => {
    const built = await build({
      'index.md': '[data](data.csv) [html](x.html) [env](.env) [conf](conf.json)',
      'data.csv': 'a',
      'other.csv': 'a',
      'conf.json': '{}',
      'x.html': '<script>1</script>',
      'app.js': '1',
      '.env': 'SECRET=1',
      'node_modules/x/README.md': '# no',
      'photo.jpg': 'jpg',
    });
    const copied = [...built.site.keys()].filter((path) => !path.endsWith('.html') && !path.startsWith('_reunite/'));
    expect(copied.sort()).toEqual(['conf.json', 'data.csv', 'photo.jpg']);
    expect(codes(built)).toEqual(['file-not-published index.md', 'file-not-published index.md']);
  });

  it('skips files that are too large to be copied', async () => {
    const built = await build({ 'index.md': '# x', 'movie.mp4': { size: 100 * 1024 * 1024 } });
    expect(codes(built)).toEqual(['asset-too-large movie.mp4']);
  });

  it('assigns each address once', async () => {
    const built = await build({
      'index.md': '# I',
      'README.md': '# R',
      'a.md': '# A',
      'a/README.md': '# AR',
      '404.html/x.md': 'x',
      a: 'file',
    });
    expect(built.site.get('index.html')).toContain('I – Acme');
    expect(built.site.get('a/index.html')).toContain('AR – Acme');
    expect(codes(built)).toEqual(['address-taken 404.html/x.md', 'address-taken a.md']);
  });

  it('builds pages with unusual characters in their names', async () => {
    const names = [
      'a b',
      'ü',
      '100%',
      'q?x',
      'h#x',
      '<script>',
      '"quote\'',
      'a&b',
      '%2e%2e',
      '…',
      '🎉',
      "x' onclick='1",
      '__proto__',
      'constructor',
    ];
    const files = Object.fromEntries(names.map((name) => [`${name}.md`, `# ${name}`]));
    const { site, pages, problems } = await build({
      ...files,
      'index.md': names.map((name) => `[x](<${encodeURIComponent(name)}.md>)`).join('\n'),
    });
    expect(problems).toEqual([]);
    expect(pages).toBe(names.length + 1);
    for (const name of names) {
      expect(site.has(`${name}/index.html`)).toBe(true);
      expect(site.get('index.html')).toContain(`/${encodeURIComponent(name).replaceAll("'", '&#39;')}/`);
    }
  });
});
