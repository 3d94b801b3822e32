import { describe, expect, it } from '@jest/globals';
import { build } from '../../test/built-site.js';

describe('LinkReport', () => {
  it('removes and reports links that leave the root', async () => {
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

  it('reports missing anchors', async () => {
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

  it('checks the links of descriptions', async () => {
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

  it('reports missing operations, but not anchors that only the browser creates', async () => {
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

  it('limits the number of reported links', async () => {
    const links = Array.from({ length: 3000 }, (_, index) => `[x](gone-${index}.md)`).join('\n');
    const { problems } = await build({ 'index.md': links });
    expect(problems).toHaveLength(1001);
    expect(problems.at(-1)).toMatchObject({ code: 'more-warnings' });
  });
});
