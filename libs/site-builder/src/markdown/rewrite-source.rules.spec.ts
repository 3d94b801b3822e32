import { describe, expect, it } from '@jest/globals';
import type { RewriteLink } from '../links/page-links.js';
import { rewriteSource } from './rewrite-source.rules.js';

const rewrite: RewriteLink = (reference) => {
  if (/^(?:https?:|#)/.test(reference)) return reference;
  return reference.startsWith('.') || reference.includes(':') ? undefined : `/site/${reference}`;
};

describe('rewriteSource', () => {
  it.each([
    ['See [guide](plain.md).', 'See [guide](/site/plain.md).'],
    ['[a](a.md "t"), [b](b.md#x), ![i](i.png)', '[a](/site/a.md "t"), [b](/site/b.md#x), ![i](/site/i.png)'],
    ['[![i](i.png)](a.md)', '[![i](/site/i.png)](/site/a.md)'],
    [`[it](it's.md)`, '[it](/site/it%27s.md)'],
    ['[a](a(1).md)) and (a(1).md)', '[a](/site/a%281%29.md)) and (a(1).md)'],
    ['[a](<a b.md>) [r]\n\n[r]: r.md "t"', '[a](</site/a%20b.md>) [r]\n\n[r]: /site/r.md "t"'],
    ['[a](a\\_b.md) [b](x?a&amp;b)', '[a](/site/a_b.md) [b](/site/x?a&b)'],
    [
      `<a href="a.md">a</a> <img src='i.png'> <a href=b.md>b</a>`,
      `<a href="/site/a.md">a</a> <img src='/site/i.png'> <a href=/site/b.md>b</a>`,
    ],
    ['[out](../../etc) <a href="javascript:x">', '[out](#) <a href="#">'],
    ['<div>\n<a href="a.md">\n</div>', '<div>\n<a href="/site/a.md">\n</div>'],
    ['[web](https://example.com/a.md) [op](#tag/x)', '[web](https://example.com/a.md) [op](#tag/x)'],
    ['# No (a.md) link\n\n`[x](y.md)` and a.md, src = 5', '# No (a.md) link\n\n`[x](y.md)` and a.md, src = 5'],
  ])('turns %j into %j', (text, expected) => {
    expect(rewriteSource(text, rewrite)).toBe(expected);
  });

  it('resolves each reference once, and only those of links', () => {
    const asked: string[] = [];
    rewriteSource('[a](a.md) [b](a.md)\n\n```\n[c](c.md)\n```\n', (reference) => {
      asked.push(reference);
      return reference;
    });
    expect([...new Set(asked)]).toEqual(['a.md']);
  });

  it('attack: takes linear time for brackets', () => {
    for (const piece of ['](', '](<', ']("', '](x', 'href=', 'src="', '](('])
      expect(rewriteSource(piece.repeat(20_000), rewrite)).toContain(piece);
  });
});
