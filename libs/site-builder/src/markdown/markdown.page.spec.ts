import { describe, expect, it } from '@jest/globals';
import { articleOf, build, codes, failureOf, places } from '../../test/built-site.js';

describe('pages with Markdoc', () => {
  it('renders admonitions, tabs, ids and includes in place', async () => {
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

  it('reports unknown tags with their line and shows the content', async () => {
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

  it('attack: publishes no content with an unsupported condition', async () => {
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

  it('attack: publishes no files that only hidden branches link to or include', async () => {
    const hidden =
      '[gone](gone.md) [](secret.zip) ![](secret.png) <a href="secret.zip">x</a>\n\n## Secret\n\n```\nsecret\n```\n\n' +
      '{% partial file="_partials/secret.md" /%}\n\n<div>\n<a href="secret.zip">x</a>\n</div>';
    const { site, problems } = await build({
      'index.md': `# Open\n\n{% if false %}\n${hidden}\n{% /if %}\n\n{% if false %}[](secret.zip){% /if %}\n\n{% partial file="_partials/open.md" /%}`,
      'draft.md': '{% if null %}\n# Secret\n{% /if %}\n\nOpen',
      '_partials/secret.md': 'secret',
      '_partials/open.md': '[o](../open.zip)\n\n{% if false %}[](../secret.zip){% /if %}',
      'secret.zip': 'secret',
      'open.zip': 'o',
    });
    expect(problems).toEqual([]);
    expect([...site.keys()]).toContain('open.zip');
    for (const [path, body] of site) expect(`${path} ${body}`).not.toMatch(/secret|gone/i);
  });

  it('treats tags of Jinja and Liquid as text', async () => {
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

  it('does not change code and Markdown with braces', async () => {
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
  ])('attack: does not include %s', async (file, code) => {
    const built = await build({
      'index.md': `{% partial file="${file}" /%}`,
      'other.md': 'x',
      '_partials/self.md': '{% partial file="self.md" /%}',
    });
    expect(built.problems.map((problem) => problem.code)).toEqual([code]);
  });

  it('attack: stops at exponential includes', async () => {
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

describe("Redocly's tags", () => {
  it('render cards with links, and images', async () => {
    const built = await build({
      'index.md':
        '{% cards %}\n{% card title="One <b>" to="a.md" %}\nText\n{% /card %}\n{% card title="Two" to="javascript:alert(1)" %}\nx\n{% /card %}\n{% /cards %}\n\nA {% icon name="x" /%} {% img src="i.png" alt="I" width="20px" /%}\n\n{% img src="javascript:alert(1)" alt="B" /%}',
      'a.md': '# A',
      'i.png': 'i',
    });
    const page = articleOf(built);
    expect(page).toContain('<div class="card">\n<p><a href="/a/">One &lt;b&gt;</a></p><p>Text</p>\n</div>');
    expect(page).toContain('<p><span>Two</span></p>');
    expect(page).toContain('<img src="/i.png" alt="I" width="20"');
    expect(page).toContain('<span>B</span>');
    expect(codes(built)).toEqual(['link-rejected index.md', 'link-rejected index.md']);
  });

  it('show parts of files as code', async () => {
    const built = await build({
      'docs/index.md':
        '{% code-group %}\n{% code-snippet file="../code/a.js" from="2" to="3" /%}\n{% code-snippet file="/code/a.js" from="begin" to="end" language="text" /%}\n{% /code-group %}',
      'code/a.js': '1\r\n<b>2 begin\r\n3\r\n4 end\r\n5\r\n',
    });
    expect(built.problems).toEqual([]);
    const page = articleOf(built, 'docs/index.html');
    expect(page.replace(/<span[^>]*>|<\/span>/g, '')).toContain(
      '<code class="language-js">&lt;b&gt;2 begin\n3\n</code>',
    );
    expect(page).toContain('<code class="language-text">&lt;b&gt;2 begin\n3\n4 end\n</code>');
  });

  it.each(['.env', '../../etc/passwd', 'https://evil.example/x', 'secret/x.txt', 'gone.js', 'big.txt'])(
    'attack: do not show %s',
    async (file) => {
      const built = await build({
        'index.md': `{% code-snippet file="${file}" /%}`,
        '.env': 'SECRET',
        '.reuniteignore': 'secret\n',
        'secret/x.txt': 'SECRET',
        'big.txt': { size: 5_000_000 },
      });
      expect(codes(built)).toEqual(['include-missing index.md']);
      for (const [, body] of built.site) expect(body).not.toContain('SECRET');
    },
  );

  it('pass variables to partials', async () => {
    const built = await build({
      'index.md': '{% partial file="_partials/p.md" variables={name: "*World*", n: 3} /%}',
      '_partials/p.md': 'Hello {% $name %} {% $n %} {% $other %}',
    });
    expect(articleOf(built)).toBe('<p>Hello <em>World</em> 3 {% $other %}</p>');
  });

  it('report an unknown tag once per page', async () => {
    const unknown =
      '{% nosuch /%}\n\n{% nosuch a=1 /%}\n\nx {% inner %} {% inner a=2 %}\n\n{% other %}\ny\n{% /other %}\n\n';
    const built = await build({ 'index.mdoc': unknown.repeat(300), 'a.mdoc': unknown });
    expect(places(built).sort()).toEqual([
      'tag-unknown a.mdoc:1',
      'tag-unknown a.mdoc:5',
      'tag-unknown a.mdoc:7',
      'tag-unknown index.mdoc:1',
      'tag-unknown index.mdoc:5',
      'tag-unknown index.mdoc:7',
    ]);
  });

  it('show links to the pages of descriptions', async () => {
    const built = await build({
      'index.md': '{% openapi-code-sample descriptionFile="openapi.yaml" operationId="a" /%}\n\n{% login-button /%}',
      'openapi.yaml': 'openapi: 3.1.0\npaths: { /a: { get: { operationId: a } } }',
    });
    expect(built.problems).toEqual([]);
    expect(articleOf(built)).toBe('<p><a href="/openapi/#operation/a">a</a></p>');
  });

  it('attack: are found in linear time', async () => {
    const start = performance.now();
    for (const text of ['{% code-snippet file="', '{% code-snippet ', '{% card ', '{% partial variables={'])
      await build({ 'a.mdoc': text.repeat(20_000) });
    expect(performance.now() - start).toBeLessThan(15_000);
  });
});
