import { describe, expect, it } from '@jest/globals';
import { BuildFailedError } from './build-failed.error.js';
import { defaultBuildLimits, type BuildLimits } from './build-limits.js';
import { buildSite } from './build-site.js';
import type { BuildResult, FileMode, SourceFile } from './site-builder.js';

type Files = Readonly<Record<string, string | Buffer | { readonly mode: FileMode } | { readonly size: number }>>;

interface Built extends BuildResult {
  readonly site: ReadonlyMap<string, string>;
  readonly types: ReadonlyMap<string, string>;
  readonly log: readonly string[];
}

function sourceFiles(files: Files): SourceFile[] {
  return Object.entries(files).map(([path, content]) => {
    if (typeof content === 'string' || Buffer.isBuffer(content)) {
      const body = Buffer.from(content);
      return { path, mode: '100644', size: body.length, read: () => Promise.resolve(body) };
    }
    const read = () => Promise.reject(new Error(`${path} was read`));
    return { path, mode: '100644', read, ...content };
  });
}

async function build(
  files: Files | SourceFile[],
  limits: Partial<BuildLimits> = {},
  signal = new AbortController().signal,
): Promise<Built> {
  const site = new Map<string, string>();
  const types = new Map<string, string>();
  const log: string[] = [];
  const result = await buildSite(
    {
      title: 'Acme <Docs>',
      files: Array.isArray(files) ? files : sourceFiles(files),
      limits: { ...defaultBuildLimits, ...limits },
      log: (level, message, at) => void log.push(`${level} ${at?.file ?? ''}:${at?.line ?? ''} ${message}`),
      signal,
    },
    (file) => {
      expect(site.has(file.path)).toBe(false);
      site.set(file.path, file.body.toString());
      types.set(file.path, file.contentType);
      return Promise.resolve();
    },
  );
  return { ...result, site, types, log };
}

async function failureOf(files: Files, limits: Partial<BuildLimits> = {}): Promise<BuildFailedError> {
  const error: unknown = await build(files, limits).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof BuildFailedError) return error;
  throw new Error(`expected BuildFailedError, got ${String(error)}`);
}

const codes = ({ problems }: Pick<BuildResult, 'problems'>) =>
  problems.map(({ code, file }) => `${code} ${file ?? ''}`.trim());

describe('buildSite', () => {
  it('makes a site of pages, a description and images', async () => {
    const built = await build({
      'README.md':
        '---\ntitle: Home\ndescription: All of it\n---\n[Start](guides/getting-started.md#first) ![](logo.svg)',
      'guides/getting-started.md': '# Getting started\n\n[API](../openapi.yaml) [folder](../guides) [home](/README.md)',
      'openapi.yaml': 'openapi: 3.1.0\ninfo: { title: Pets }\n',
      'logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    });
    expect([...built.site.keys()].sort()).toEqual([
      '404.html',
      '_reunite/site.css',
      'guides/getting-started/index.html',
      'guides/index.html',
      'index.html',
      'logo.svg',
      'openapi.yaml',
      'openapi/index.html',
    ]);
    expect(built).toMatchObject({ pages: 3, files: 8, problems: [] });
    const home = built.site.get('index.html');
    expect(home).toContain('<a href="/guides/getting-started/#first">Start</a>');
    expect(home).toContain('<title>Home – Acme &lt;Docs&gt;</title>');
    expect(home).toContain('<meta name="description" content="All of it" />');
    expect(home).toContain('<h1>Home</h1>');
    const page = built.site.get('guides/getting-started/index.html');
    expect(page).toContain('<a href="/openapi/">API</a> <a href="/guides/">folder</a> <a href="/">home</a>');
    expect(page).toContain('aria-current="page">Getting started</a>');
    expect(built.types.get('logo.svg')).toBe('image/svg+xml');
    expect(built.types.get('index.html')).toBe('text/html; charset=utf-8');
  });

  it('asks nothing of anybody else and runs no script', async () => {
    const { site } = await build({ 'index.md': '# Hi\n\n## A\n\n## B' });
    for (const [path, body] of site) {
      if (path.endsWith('.html')) expect(body).toContain(`content="default-src &#39;none&#39;;`);
      expect(body).not.toMatch(/<script|https?:\/\/|@import|url\(/);
    }
  });

  it('gives the same site for the same files, in whatever order they come', async () => {
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

  it('takes files as they stream in', async () => {
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

describe('builds that fail', () => {
  it('names file, line and reason of a description that does not parse', async () => {
    const error = await failureOf({ 'index.md': 'x', 'api/openapi.yaml': 'openapi: 3.1.0\npaths:\n  /a: [\n' });
    expect(error).toMatchObject({ code: 'openapi-invalid', retryable: false });
    expect(error.message).toMatch(/^api\/openapi\.yaml:4: /);
    expect(error.problems).toMatchObject([{ severity: 'error', file: 'api/openapi.yaml', line: 4 }]);
  });

  it('names every page that cannot be built', async () => {
    const error = await failureOf({ 'a.md': '---\n: [\n---\n', 'b.md': '---\n- x\n---\n', 'c.md': 'fine' });
    expect(codes(error)).toEqual(['front-matter-invalid a.md', 'front-matter-invalid b.md']);
    expect(error.message).toContain('(and 1 more)');
  });

  it('says the size and the limit of a page of 5 MB, without reading it', async () => {
    const error = await failureOf({ 'big.md': { size: 5 * 1024 * 1024 } });
    expect(error.code).toBe('page-too-large');
    expect(error.message).toBe('big.md: 5 MB is over the limit of 2 MB for a page; split it');
  });

  it('says so too when the size was not known', async () => {
    const read = () => Promise.resolve(Buffer.alloc(3 * 1024 * 1024, 'a'));
    await expect(build([{ path: 'big.md', mode: '100644', read }])).rejects.toMatchObject({ code: 'page-too-large' });
  });

  it('stops at the limits of the whole site', async () => {
    const pages = { 'a.md': 'aaaaaaaaaa', 'b.md': 'bbbbbbbbbb', 'c.md': 'c' };
    expect((await failureOf(pages, { maxPages: 2 })).code).toBe('too-many-pages');
    expect((await failureOf(pages, { maxFiles: 2 })).code).toBe('too-many-files');
    expect((await failureOf(pages, { maxSourceBytes: 15 })).code).toBe('source-too-large');
    expect((await failureOf(pages, { maxOutputBytes: 1000 })).code).toBe('output-too-large');
  });

  it('fails for a sidebars.yaml that cannot be read', async () => {
    expect((await failureOf({ 'sidebars.yaml': '- a: [' })).code).toBe('sidebars-invalid');
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const read = () => {
      controller.abort(new Error('superseded'));
      return Promise.resolve(Buffer.from('x'));
    };
    await expect(build([{ path: 'a.md', mode: '100644', read }], {}, controller.signal)).rejects.toThrow('superseded');
  });
});

describe('files that are not what they seem', () => {
  it('follows no symbolic link and no submodule', async () => {
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

  it('lets no path out of the site', async () => {
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

  it('neutralises links that leave the root and says where they are', async () => {
    const { site, problems } = await build({
      'a/b.md': '# x\n\n[p](../../etc/passwd)\n\n<a href="../../..">up</a> ![i](/../x.png)',
    });
    const article = /<article>([\s\S]*)<\/article>/.exec(site.get('a/b/index.html') ?? '')?.[1];
    expect(article).toContain('<span>p</span>');
    expect(article).toContain('<span>up</span> <span>i</span>');
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['link-leaves-root', 3],
      ['link-leaves-root', 5],
      ['link-leaves-root', 5],
    ]);
  });

  it('publishes what pages show or link to, and nothing that could run or is hidden', async () => {
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
    const copied = [...built.site.keys()].filter((path) => !path.endsWith('.html') && !path.startsWith('_'));
    expect(copied.sort()).toEqual(['conf.json', 'data.csv', 'photo.jpg']);
    expect(codes(built)).toEqual(['file-not-published index.md', 'file-not-published index.md']);
  });

  it('leaves out what is too large to be copied and goes on', async () => {
    const built = await build({ 'index.md': '# x', 'movie.mp4': { size: 100 * 1024 * 1024 } });
    expect(codes(built)).toEqual(['asset-too-large movie.mp4']);
  });

  it('gives an address to one page only', async () => {
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

  it('builds pages with every odd character in their names', async () => {
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

  it('reports no more broken links than anybody reads', async () => {
    const links = Array.from({ length: 3000 }, (_, index) => `[x](gone-${index}.md)`).join('\n');
    const { problems } = await build({ 'index.md': links });
    expect(problems).toHaveLength(1001);
    expect(problems.at(-1)).toMatchObject({ code: 'more-warnings' });
  });
});
