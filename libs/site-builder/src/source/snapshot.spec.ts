import { describe, expect, it } from '@jest/globals';
import { articleOf, build, codes, places } from '../../test/built-site.js';

describe('takeSnapshot', () => {
  it('follows symbolic links to files and folders of the site', async () => {
    const built = await build({
      'index.md': '[g](guides/guide.md) [d](copy/guide.md#guide) ![p](guides/p.png)',
      'guides/guide.md': { link: '../shared/guide.md' },
      'guides/p.png': { link: './chain.png' },
      'guides/chain.png': { link: '../shared/p.png' },
      copy: { link: 'shared' },
      'shared/guide.md': '# Guide\n\nshared text',
      'shared/p.png': 'png',
    });
    expect(built.problems).toEqual([]);
    expect(articleOf(built)).toContain('<a href="/guides/guide/">g</a> <a href="/copy/guide/#guide">d</a>');
    expect(articleOf(built, 'guides/guide/index.html')).toContain('shared text');
    expect(articleOf(built, 'copy/guide/index.html')).toContain('shared text');
    expect(built.site.get('guides/p.png')).toBe('png');
  });

  it.each([
    ['/etc/passwd', 'leads out of the folder'],
    ['../../x.md', 'leads out of the folder'],
    ['..', 'leads out of the folder'],
    ['%2e%2e/%2e%2e/x.md', 'without a target'],
    ['', 'leads out of the folder'],
    ['\0', 'leads out of the folder'],
    ['link.md', 'leads to itself'],
    ['gone.md', 'without a target'],
    ['.', 'without a target'],
    ['.env', 'to a hidden file'],
    ['https://evil.example/x', 'without a target'],
    ['//evil.example/x', 'leads out of the folder'],
    ['a'.repeat(5000), 'leads out of the folder'],
  ])('attack: does not follow a symbolic link to %s', async (link, reason) => {
    const built = await build({ 'index.md': '\n\n[x](link.md)', 'link.md': { link }, '.env': 'SECRET' });
    expect(places(built)).toEqual(['symlink-skipped link.md:', 'file-not-published index.md:3']);
    for (const { message } of built.problems) expect(message).toContain(reason);
    for (const [, body] of built.site) expect(body).not.toContain('SECRET');
  });

  it('attack: adds a bounded number of files for links to folders', async () => {
    const links = Array.from({ length: 300 }, (_, at) => [`l${at}`, { link: 'a' }] as const);
    const files = Array.from({ length: 100 }, (_, at) => [`a/${at}.txt`, 'x'] as const);
    const built = await build({ ...Object.fromEntries(links), ...Object.fromEntries(files) });
    expect(built.problems).toHaveLength(200);
    expect(built.problems[0]?.message).toContain('links lead to more than 10000 files');
  });

  it('skips submodules', async () => {
    const built = await build({ module: { mode: '160000' }, 'index.md': '[x](module/a.md)' });
    expect(places(built)).toEqual(['submodule-skipped module:', 'file-not-published index.md:1']);
  });

  it('leaves out what redocly.yaml and .reuniteignore ignore', async () => {
    const built = await build({
      'redocly.yaml': 'ignore:\n  - tests\n',
      '.reuniteignore': '*.draft.md\n',
      'index.md': '[x](a.draft.md)',
      'a.draft.md': '# SECRET',
      'tests/openapi.yaml': 'openapi: 3.1.0\n[',
      'tests/logo.png': 'SECRET',
    });
    expect(places(built)).toEqual(['file-not-published index.md:1']);
    for (const [, body] of built.site) expect(body).not.toContain('SECRET');
  });

  it.each<string | Buffer>(['ignore: [', '- x', Buffer.from('fffe3d00', 'hex'), `a: &a [${'*a,'.repeat(9)}]`])(
    'reports a redocly.yaml that cannot be read: %s',
    async (content) => {
      const built = await build({ 'redocly.yaml': content, 'index.md': '# I' });
      expect(codes(built)).toEqual(['configuration-invalid redocly.yaml']);
      expect(built.pages).toBe(1);
    },
  );

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
    expect(built.site.get('index.html')).toContain('I &ndash; Acme');
    expect(built.site.get('a/index.html')).toContain('AR &ndash; Acme');
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
