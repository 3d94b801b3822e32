import { describe, expect, it } from '@jest/globals';
import { build, failureOf } from '../../test/built-site.js';

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
