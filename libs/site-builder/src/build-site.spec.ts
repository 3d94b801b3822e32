import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { BuildFailedError } from './build-failed.error.js';
import { defaultBuildLimits, type BuildLimits } from './build-limits.js';
import { buildSite } from './build-site.js';
import { rendererVersion } from './cache/rendered-pages.js';
import type { BuildResult, FileMode, PageCache, SourceFile } from './site-builder.js';

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
      const id = createHash('sha1').update(body).digest('hex');
      return { path, mode: '100644', size: body.length, id, read: () => Promise.resolve(body) };
    }
    const read = () => Promise.reject(new Error(`${path} was read`));
    return { path, mode: '100644', read, ...content };
  });
}

async function build(
  files: Files | SourceFile[],
  limits: Partial<BuildLimits> = {},
  signal = new AbortController().signal,
  cache?: PageCache,
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
      ...(cache && { cache }),
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

/** The builder's own files, in every site. */
const own = ['404.html', '_reunite/minisearch.js', '_reunite/search.json', '_reunite/site.css', '_reunite/site.js'];
const ownOfReferences = ['_reunite/redoc.js', '_reunite/reference.js'];

const codes = ({ problems }: Pick<BuildResult, 'problems'>) =>
  problems.map(({ code, file }) => `${code} ${file ?? ''}`.trim());

describe('buildSite', () => {
  it('makes a site of pages, a description and images', async () => {
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
    expect(home).toContain('<title>Home – Acme &lt;Docs&gt;</title>');
    expect(home).toContain('<meta name="description" content="All of it" />');
    expect(home).toContain('<h1>Home</h1>');
    const page = built.site.get('guides/getting-started/index.html');
    expect(page).toContain('<a href="/openapi/">API</a> <a href="/guides/">folder</a> <a href="/">home</a>');
    expect(page).toContain('aria-current="page">Getting started</a>');
    expect(built.types.get('logo.svg')).toBe('image/svg+xml');
    expect(built.types.get('index.html')).toBe('text/html; charset=utf-8');
  });

  it('asks nothing of anybody else and runs no script but its own', async () => {
    const { site } = await build({ 'index.md': '# Hi\n\n## A\n\n## B', 'openapi.yaml': 'openapi: 3.1.0' });
    for (const [path, body] of site) {
      if (!path.endsWith('.html')) continue;
      const allowed = /script-src ([^;]*?)"/.exec(body.replaceAll('&#39;', "'"))?.[1]?.split(' ') ?? [];
      const scripts = [
        ...body.matchAll(/<script src="\/(_reunite\/[a-z]+\.js)" integrity="([^"]*)" defer><\/script>/g),
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
    expect(site.get('_reunite/site.css')).not.toMatch(/https?:\/\/|@import|url\(/);
    expect(site.get('_reunite/redoc.js')).not.toContain('cdn.redoc');
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

describe('building again', () => {
  class Kept implements PageCache {
    readonly entries = new Map<string, Buffer>();
    get = (key: string) => Promise.resolve(this.entries.get(key));
    set = (key: string, value: Buffer) => Promise.resolve(void this.entries.set(key, value));
  }

  const pages = {
    'index.md': '# Home\n\n[a](a.md) [gone](gone.md) [sub](b.md#sub)',
    'a.md': '---\ntitle: A\n---\n{% partial file="_partials/p.md" /%}\n\n<b>html</b> <i id="x">y</i>',
    'b.md': '# B\n\n## Sub\n\n[x](a.md#x) ![i](i.png)',
    '_partials/p.md': 'Included, [b](../b.md).',
    'openapi.yaml': 'openapi: 3.1.0\npaths: { /a: { $ref: paths.yaml } }',
    'paths.yaml': 'get: { summary: From elsewhere }',
    'i.png': 'i',
  };

  it('renders what has changed, and makes the same site', async () => {
    const cache = new Kept();
    const first = await build(pages, {}, undefined, cache);
    const again = await build(pages, {}, undefined, cache);
    expect([first.rendered, again.rendered]).toEqual([4, 0]);
    expect([...again.site]).toEqual([...first.site]);
    expect(again.problems).toEqual(first.problems);
    expect(again.log).toContain('info : 0 of 4 pages rendered, the others are as they were');
    const changed = { ...pages, 'b.md': '# Other title\n\n## Sub' };
    const third = await build(changed, {}, undefined, cache);
    expect(third.rendered).toBe(1);
    expect([...third.site]).toEqual([...(await build(changed)).site]);
    expect(third.site.get('a/index.html')).toContain('Other title</a>');
  });

  it.each([
    ['a page that it links to is new', { 'gone.md': 'here' }, 2],
    ['what it includes has changed', { '_partials/p.md': 'Other' }, 1],
    ['what a description refers to has changed', { 'paths.yaml': 'get: { summary: New }' }, 1],
    ['an image is not there any more', { 'i.png': undefined }, 1],
  ])('renders a page again where %s', async (_, change, rendered) => {
    const cache = new Kept();
    await build(pages, {}, undefined, cache);
    const changed = Object.fromEntries(
      Object.entries({ ...pages, ...change }).filter(([, text]) => text !== undefined),
    );
    const again = await build(changed as Files, {}, undefined, cache);
    expect(again.rendered).toBe(rendered);
    const afresh = await build(changed as Files);
    expect([...again.site]).toEqual([...afresh.site]);
    expect(again.problems).toEqual(afresh.problems);
  });

  it('does without a cache that fails, or has something else', async () => {
    const broken: PageCache = {
      get: () => Promise.reject(new Error('gone')),
      set: () => Promise.reject(new Error('full')),
    };
    expect((await build(pages, {}, undefined, broken)).rendered).toBe(4);
    const wrong: PageCache = { get: () => Promise.resolve(Buffer.from('{"x":1}')), set: () => Promise.resolve() };
    expect((await build(pages, {}, undefined, wrong)).rendered).toBe(4);
  });

  /** If this fails, pages are rendered otherwise than before: raise `rendererVersion`, then write the new hash here. */
  it('has a version for every way of rendering', async () => {
    const { site } = await build({
      'index.md': [
        '---\ntitle: All\n---\n## H `c`\n\n> [!NOTE]\n> n\n\n```ts\nconst a = 1;\n```\n\n| a |\n|:-:|\n| b |\n\n- [l](a.mdoc "t")\n- ![i](i.png)',
        '<details>raw</details>\n\nA List<Object>[^1]. https://e.example [no](no.md)\n\n- [x] done\n\n[^1]: Note.',
      ].join('\n\n'),
      'a.mdoc':
        '# A {% #id %}\n\n{% tabs %}\n{% tab label="x" %}\nt\n{% /tab %}\n{% /tabs %}\n\n{% admonition type="danger" %}\nx\n{% /admonition %}',
      'i.png': 'i',
    });
    const articles = ['index.html', 'a/index.html'].map(
      (path) => /<article>([^]*)<\/article>/.exec(site.get(path) ?? '')?.[1],
    );
    const rendered = createHash('sha256').update(JSON.stringify(articles)).digest('hex');
    expect([rendererVersion, rendered]).toEqual([
      '5',
      '0b3cd7d6e838e4870429fd011ecd040b9111bbf251fc9c1c49667a1519bbca68',
    ]);
  });
});

describe('pages with Markdoc', () => {
  it('has admonitions, tabs, ids and files that are included, where they are written', async () => {
    const { site, problems, pages } = await build({
      'a/index.md':
        'Text.\n\n{% tabs %}\n  {% tab label="One" %}\n    *first*\n  {% /tab %}\n{% /tabs %}\n\n## H {% #own-id %}\n\n{% partial file="/_partials/p.md" /%}',
      '_partials/p.md': '{% admonition type="danger" name="Mind" %}\n[up](../a/index.md#own-id)\n{% /admonition %}',
    });
    expect([problems, pages]).toEqual([[], 1]);
    const page = site.get('a/index.html') ?? '';
    expect(page).toContain(
      '<section class="tab" aria-label="One">\n<p class="tab-label">One</p>\n<p><em>first</em></p>',
    );
    expect(page).toContain('<h2 id="own-id">');
    expect(page).toContain('<p class="admonition-title">Mind</p>\n<p><a href="/a/#own-id">up</a></p>');
  });

  it('says what it does not know, with the line, and shows the content', async () => {
    const { site, problems } = await build({
      'index.md':
        '---\ntitle: T\n---\n\n{% nosuch %}\nshown\n{% /nosuch %}\n\na {% $y %} b {% c %}\n\n- {% tabs %}\n\n{% /tab %}',
    });
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['tag-unknown', 5],
      ['tag-unknown', 9],
      ['tag-unknown', 9],
      ['tag-unclosed', 11],
      ['tag-unclosed', 13],
    ]);
    expect(site.get('index.html')).toContain('<p>shown</p>');
    expect(site.get('index.html')).toContain('<p>a {% $y %} b {% c %}</p>');
  });

  it('publishes nothing that depends on what is not known here', async () => {
    const { site, problems } = await build({
      'index.md':
        '{% if $x %}\n# Secret\n\n{% partial file="_partials/s.md" /%}\n{% else /%}\n# Open\n{% /if %}\n\nA {% if not($x) %}secret{% /if %}b',
      '_partials/s.md': 'secret',
    });
    for (const [, body] of site) expect(body).not.toMatch(/secret/i);
    expect(site.get('index.html')).toContain('<h1 id="open">Open');
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['tag-unknown', 1],
      ['tag-unknown', 9],
    ]);
  });

  it('takes the tags of Jinja and Liquid for text, and the page for Markdown', async () => {
    const { site, problems } = await build({
      'index.md': 'Head\n====\n\n    code\n\n{% include "x.html" %}\n\n{% if page.draft %} a {% endif %}',
      '_partials/s.md': 'secret',
    });
    const page = site.get('index.html');
    expect(page).toContain('<h1 id="head">');
    expect(page).toContain('<pre><code>code');
    expect(page).toContain('<p>{% include &quot;x.html&quot; %}</p>\n<p>{% if page.draft %} a {% endif %}</p>');
    expect(problems).toEqual([]);
  });

  it('leaves code and plain Markdown with braces alone', async () => {
    const { site, problems } = await build({
      'index.md': 'Head\n====\n\n    {% x %}\n\n```\n{% raw %}\n```\n\n`{% c %}` and 50%',
    });
    expect(site.get('index.html')).toContain('{% raw %}');
    expect(site.get('index.html')).toContain('<h1 id="head">');
    expect(problems).toEqual([]);
  });

  it.each([
    ['../../secret.md', 'include-missing'],
    ['https://evil.example/_partials/x.md', 'include-missing'],
    ['other.md', 'include-missing'],
    ['_partials/gone.md', 'include-missing'],
    ['_partials/self.md', 'include-circular'],
  ])('includes nothing from %s', async (file, code) => {
    const built = await build({
      'index.md': `{% partial file="${file}" /%}`,
      'other.md': 'x',
      '_partials/self.md': '{% partial file="self.md" /%}',
    });
    expect(built.problems.map((problem) => problem.code)).toEqual([code]);
  });

  it('stops at files that include files twice, and those again', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [
        `_partials/${at}.md`,
        `{% partial file="${at + 1}.md" /%}\n\n{% partial file="${at + 1}.md" /%}\n${'x'.repeat(2000)}`,
      ]),
    );
    const error = await failureOf(
      { ...files, 'index.md': '{% partial file="_partials/0.md" /%}' },
      { maxPageBytes: 100_000 },
    );
    expect(error.code).toBe('page-too-complex');
  });
});

describe('what the site can be searched for', () => {
  it('is titles, headings and operations', async () => {
    const { site } = await build({
      'index.md': '# Home\n\n## First *one*',
      'openapi.yaml': 'openapi: 3.1.0\ninfo: { title: Pets }\npaths: { /a: { get: { operationId: a } } }',
    });
    expect(JSON.parse(site.get('_reunite/search.json') ?? '')).toEqual([
      ['Home', '/', [['First one', 'first-one']]],
      ['Pets', '/openapi/', [['a – GET /a', 'operation/a']]],
    ]);
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

  it('goes by the folders where sidebars.yaml is empty', async () => {
    const { site, problems } = await build({ 'sidebars.yaml': '', 'a.md': '# A' });
    expect(site.get('a/index.html')).toContain('aria-current="page">A</a>');
    expect(problems).toEqual([]);
  });

  it('fails for a sidebars.yaml that cannot be read', async () => {
    expect((await failureOf({ 'sidebars.yaml': '- a: [' })).code).toBe('sidebars-invalid');
  });

  it('says that there are 100,000 pages before it reads one', async () => {
    const read = () => Promise.reject(new Error('read'));
    const files = Array.from({ length: 100_000 }, (_, at): SourceFile => ({ path: `${at}.md`, mode: '100644', read }));
    await expect(build(files)).rejects.toMatchObject({ code: 'too-many-pages' });
  });

  it('says once what is wrong with a page that the sidebar names', async () => {
    const error = await failureOf({ 'sidebars.yaml': '- page: openapi.yaml\n', 'openapi.yaml': 'openapi: 3.1.0\n[' });
    expect(codes(error)).toEqual(['openapi-invalid openapi.yaml']);
  });

  it.each(['a.md', '_partials/a.md', 'openapi.yaml', 'sidebars.yaml'])('names %s when it is UTF-16', async (file) => {
    for (const mark of ['fffe', 'feff']) {
      const error = await failureOf({ [file]: Buffer.concat([Buffer.from(mark, 'hex'), Buffer.from('#\0')]) });
      expect(error.message).toBe(`${file}: it is written in UTF-16, as PowerShell does by ">"; save it as UTF-8`);
    }
  });

  it('says nothing that a database or a terminal could not take', async () => {
    const error = await failureOf({ 'a.md': '---\ntitle: *a\0b\n---\n', 'openapi.json': '{"a\0": \u001b' });
    const messages = [error.message, ...error.problems.map(({ message }) => message)];
    expect(messages).toHaveLength(3);
    expect(messages.join('')).not.toMatch(/\p{Cc}/u);
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

  it('keeps the folder of its own scripts to itself', async () => {
    const names = ['_reunite/site.js', '_Reunite/x.png', '_reunite/page.md', '_reunite.md', '_reunite/search.json'];
    const built = await build(Object.fromEntries(names.map((name) => [name, 'x'])));
    expect(built.problems.map(({ code }) => code)).toEqual(names.map(() => 'path-reserved'));
    expect(built.pages).toBe(0);
    expect([...built.site.values()]).not.toContain('x');
  });

  it('names anchors that are not there', async () => {
    const built = await build({
      'index.md':
        '# I\n\n[a](#i) [b](#j) [c](x.md#y) [d](x.md#raw) [e](x.md#z)\n\n[f](#top) [g](x.md#%C3%BC) [h](openapi.yaml#tag/x)',
      'x.md': '# Y\n\n<a name="raw"></a>\n\n## Ü',
      'openapi.yaml': 'openapi: 3.1.0',
    });
    expect(built.problems).toMatchObject([
      { code: 'anchor-missing', file: 'index.md', line: 3, target: '#j' },
      { code: 'anchor-missing', file: 'index.md', line: 3, target: 'x.md#z' },
    ]);
  });

  it('follows the links of descriptions', async () => {
    const built = await build({
      'index.md': '# I',
      'api/openapi.yaml':
        'openapi: 3.1.0\ninfo:\n  title: A\n  description: |\n    [i](../index.md#i) [d](d.csv)\n\n    [gone](gone.md) [j](../index.md#j)\n',
      'api/d.csv': 'a',
    });
    const [reference] = [...built.site].filter(([path]) => path.startsWith('_reunite/reference/'));
    expect(reference?.[1]).toContain('[i](/#i) [d](/api/d.csv)\\n\\n[gone](#) [j](/#j)');
    expect(built.site.has('api/d.csv')).toBe(true);
    expect(built.problems).toMatchObject([
      { code: 'link-broken', file: 'api/openapi.yaml', line: 7, target: 'gone.md' },
      { code: 'anchor-missing', file: 'api/openapi.yaml', line: 7, target: '../index.md#j' },
    ]);
  });

  it('names operations that are not there, and says nothing of places that only the browser knows', async () => {
    const operations = ['operation/a', 'tag/T/operation/a', 'operation/b', 'tag/T/operation/b'];
    const others = ['tag/x', 'section/y', 'paths/~1a/get', ''];
    const links = [...operations, ...others].map((id) => `[x](openapi.yaml#${id})`).join('\n');
    const { problems } = await build({
      'index.md': `# I\n\n${links}`,
      'openapi.yaml': 'openapi: 3.1.0\npaths: { /a: { get: { operationId: a, tags: [T] } } }',
    });
    expect(problems).toMatchObject([
      { code: 'anchor-missing', file: 'index.md', line: 5, target: 'openapi.yaml#operation/b' },
      { code: 'anchor-missing', file: 'index.md', line: 6, target: 'openapi.yaml#tag/T/operation/b' },
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
    const copied = [...built.site.keys()].filter((path) => !path.endsWith('.html') && !path.startsWith('_reunite/'));
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
