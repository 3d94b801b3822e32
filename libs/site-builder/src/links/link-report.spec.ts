import { describe, expect, it } from '@jest/globals';
import { build, sourceFiles } from '../../test/built-site.js';

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

  it('reports every place that links to a file that cannot be published', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n';
    const built = await build(
      {
        'index.md':
          '# Pictures\n\n![small](img/a.png)\n\n[data](img/data.csv)\n\n[page](other.md)\n\n<img src="img/a.png" alt="raw">\n\n' +
          '![y](img/big.png)\n\n[b](broken.md)\n',
        'img/a.png': pointer,
        'img/data.csv': pointer,
        'other.md': pointer,
        'img/big.png': Buffer.alloc(27 * 1024),
        'broken.md': Buffer.from('fffe2300', 'hex'),
      },
      { maxAssetBytes: 25 * 1024 },
    );
    const reports = built.problems.filter(({ code }) => code === 'file-not-published');
    expect(reports.map(({ line, message }) => `${line ?? 0} ${message}`).sort()).toEqual([
      '11 "img/big.png" leads to a file that is not published: 27 KB is over the limit of 25 KB for a file',
      '13 "broken.md" leads to a file that is not published: it has an error',
      '3 "img/a.png" leads to a file that is not published: the file is in Git LFS, which is not fetched',
      '5 "img/data.csv" leads to a file that is not published: the file is in Git LFS, which is not fetched',
      '7 "other.md" leads to a file that is not published: it is in Git LFS, which is not fetched',
      '9 "img/a.png" leads to a file that is not published: the file is in Git LFS, which is not fetched',
    ]);
  });

  it('publishes files in Git LFS, and reports the places that show those that cannot be fetched', async () => {
    const pointer = (oid: string) => `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 12\n`;
    const files = sourceFiles({
      'index.md': '![a](a.png) ![b](b.png) [c](c.csv)\n',
      ...{ 'a.png': pointer('a'), 'b.png': pointer('b'), 'c.csv': pointer('c'), 'not-linked.csv': pointer('d') },
    });
    const idOf = (path: string) => files.find((file) => file.path === path)!.id!;
    const asked: string[][] = [];
    const built = await build(files, {}, undefined, undefined, undefined, undefined, async (ids) => {
      asked.push([...ids]);
      const read = () => Promise.resolve(Buffer.from('a picture'));
      return Promise.resolve(
        new Map([
          [idOf('a.png'), { read }],
          [idOf('b.png'), { reason: 'it is gone' }],
        ] as const),
      );
    });
    expect(asked).toEqual([['a.png', 'b.png', 'c.csv'].map(idOf)]);
    expect(built.site.get('a.png')).toBe('a picture');
    const reports = built.problems.filter(({ code }) => code === 'file-not-published');
    expect(reports.map(({ file, line, message }) => `${file ?? ''}:${line ?? 0} ${message}`)).toEqual([
      'index.md:1 "b.png" leads to a file that is not published: it is gone',
      'index.md:1 "c.csv" leads to a file that is not published: the file is in Git LFS, which is not fetched',
    ]);
  });

  it('reports each occurrence of a link, but not examples in code', async () => {
    const { problems } = await build({ 'index.md': '[a](x.md)\n\n```\n[a](x.md)\n```\n\n[b](x.md "t") [c](x.md.bak)' });
    expect(problems.map(({ line, target }) => `${line ?? 0} ${target ?? ''}`)).toEqual([
      '1 x.md',
      '7 x.md',
      '7 x.md.bak',
    ]);
  });

  it('limits the number of reported links', async () => {
    const links = Array.from({ length: 3000 }, (_, index) => `[x](gone-${index}.md)`).join('\n');
    const { problems } = await build({ 'index.md': links });
    expect(problems).toHaveLength(1001);
    expect(problems.at(-1)).toMatchObject({ code: 'more-warnings' });
  });
});
