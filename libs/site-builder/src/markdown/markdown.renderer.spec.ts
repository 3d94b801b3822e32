import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { resolveReference } from '../links/links.rules.js';
import type { RewriteLink } from '../links/page-links.js';
import { PageTooComplexError } from '../page/page-too-complex.error.js';
import { renderMarkdown, titleOf, type MarkdownContext } from './markdown.renderer.js';
import { sanitize } from './sanitize.rules.js';

/** Everything inside of the root exists. */
const rewrite: RewriteLink = (written) => {
  const reference = resolveReference(written, 'guides/page.md');
  if (reference.kind === 'rejected') return undefined;
  return reference.kind === 'path' ? `/${encodeURI(reference.path)}${reference.suffix}` : reference.href;
};

const context: MarkdownContext = {
  file: 'guides/page.md',
  rewrite,
  warn: () => undefined,
  include: () => undefined,
};

const render = (text: string, file = context.file): string => renderMarkdown(text, { ...context, file }).html.markup;

describe('renderMarkdown', () => {
  it('renders tables, fenced code, bare addresses and images', () => {
    expect(render('| a | b |\n|:--|--:|\n| 1 | 2 |')).toContain('<td align="right">2</td>');
    expect(render('```\na: <b>\n```')).toBe('<pre><code>a: &lt;b&gt;\n</code></pre>\n');
    expect(render('See https://example.com/x')).toContain('<a href="https://example.com/x">https://example.com/x</a>');
    expect(render('README.md')).toBe('<p>README.md</p>\n');
    expect(render('![Logo](../logo.png "L")')).toContain('<img src="/logo.png" alt="Logo" title="L" loading="lazy"');
  });

  it('highlights code of known languages', () => {
    expect(render('```yaml\na: "<b>"\n```')).toBe(
      '<pre><code class="language-yaml"><span class="hljs-attr">a:</span> ' +
        '<span class="hljs-string">&quot;&lt;b&gt;&quot;</span>\n</code></pre>\n',
    );
    expect(render('```nonsense x\n<b>\n```')).toBe('<pre><code class="language-nonsense">&lt;b&gt;\n</code></pre>\n');
    expect(render(`\`\`\`json\n"${'a'.repeat(30_000)}"\n\`\`\``)).not.toContain('hljs');
  });

  it('renders alerts of GitHub as admonitions', () => {
    expect(render('> [!WARNING]\n> Mind the **gap**.\n\n> plain')).toBe(
      '<div class="admonition admonition-warning" role="note">\n<p class="admonition-title">Warning</p>\n' +
        '<p>Mind the <strong>gap</strong>.</p>\n</div>\n<blockquote>\n<p>plain</p>\n</blockquote>\n',
    );
  });

  it('gives headings unique anchors', () => {
    const { html, headings } = renderMarkdown("# What's `new`?\n## Usage\n## Usage\n## Größe *und* Maß", context);
    expect(headings).toEqual([
      { id: 'whats-new', level: 1, text: "What's new?" },
      { id: 'usage', level: 2, text: 'Usage' },
      { id: 'usage-1', level: 2, text: 'Usage' },
      { id: 'größe-und-maß', level: 2, text: 'Größe und Maß' },
    ]);
    expect(html.markup).toContain('<h2 id="usage-1">Usage <a class="anchor"');
  });

  it('keeps common raw HTML', () => {
    const text =
      '<details open><summary>More</summary>\n\n**bold**\n\n</details>\n\n<p align="center"><kbd>Ctrl</kbd><br></p>';
    const markup = render(text);
    expect(markup).toContain('<details open><summary>More</summary>\n<p><strong>bold</strong></p>\n</details>');
    expect(markup).toContain('<p align="center"><kbd>Ctrl</kbd><br /></p>');
  });

  it('rewrites links and images of raw HTML like those of Markdown', () => {
    const markup = render('<a href="other.md">x</a> <img src="../a.png"> <a href="../../../etc">out</a>');
    expect(markup).toContain('<a href="/guides/other.md">x</a> <img src="/a.png"');
    expect(markup).toContain('<span>out</span>');
  });

  it('renders the text of a rejected image', () => {
    expect(render('![a <b> c](../../x.png)')).toBe('<p><span>a &lt;b&gt; c</span></p>\n');
  });

  it.each([
    '<script>alert(1)</script>',
    '<scr<script>ipt>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)><script>alert(1)</script></svg>',
    '<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>',
    '<iframe src="https://evil.example"></iframe>',
    '<object data="x"></object><embed src="x">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '[x](javascript:alert(1))',
    '[x](JAVASCRIPT:alert(1))',
    '[x](java&#10;script:alert(1))',
    '<javascript:alert(1)>',
    '![x](data:image/svg+xml;base64,PHN2Zz4=)',
    '[x]: data:text/html,<script>alert(1)</script>\n\n[x]',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<form action="https://evil.example"><input name=password><button>Sign in</button></form>',
    '<style>body{background:url(https://evil.example)}</style>',
    '<p style="background:url(javascript:alert(1))" onclick="alert(1)" class="top">x</p>',
    '<base href="https://evil.example/"><link rel=stylesheet href=x><meta http-equiv=refresh content="0;url=https://evil.example">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<template><script>alert(1)</script></template>',
    '<textarea><img src=x onerror=alert(1)></textarea>',
    '<img src="x" srcset="javascript:alert(1) 1x, https://evil.example/x 2x">',
    '## <a name="x" onclick="alert(1)">h</a>',
    '`</code><script>alert(1)</script>`',
    '```"><script>alert(1)</script>\nx\n```',
    '![" onerror="alert(1)](x.png)',
    '[x](x.md "\\" onclick=\\"alert(1)")',
    '```html\n<img src=x onerror=alert(1)>\n```',
    '```js" onclick="alert(1)\nx\n```',
    '> [!NOTE]\n> <img src=x onerror=alert(1)>',
    '{% admonition type="x\\" onclick=\\"alert(1)" name="<script>alert(1)</script>" %}\nx\n{% /admonition %}',
    '{% tabs %}\n{% tab label="\\"><img src=x onerror=alert(1)>" %}\nx\n{% /tab %}\n{% /tabs %}',
    '# x {% #a" onclick="alert(1) %}',
    '# x {% id="a\\" onclick=\\"alert(1)" %}',
    '[x](<javascript:alert(1)>) {% y %}',
  ])('attack: sanitizes %j', (text) => {
    expectHarmless(render(text));
    expectHarmless(render(text, 'guides/page.mdoc'));
  });

  it('attack: sanitizes any combination of them', () => {
    const piece = fc.constantFrom(
      ...[
        '<script>',
        '</script>',
        '<svg>',
        '<style>',
        '<!--',
        '-->',
        '<a href="',
        'javascript:',
        '">',
        '<img src=x onerror=alert(1)>',
      ],
      ...[
        '`',
        '](',
        '[',
        '![',
        ')',
        '"',
        "'",
        '<p ',
        ' onclick=alert(1) ',
        '>',
        '<',
        '&lt;',
        '\n\n',
        '# ',
        'data:text/html,',
        '<iframe>',
        '```js\n',
        '{% tab label="',
        '" %}\n',
        '{% /tab %}\n',
        '> [!NOTE]\n',
        '| a |\n|--|\n',
      ],
    );
    const check = (pieces: string[]) => {
      expectHarmless(render(pieces.join('')));
      expectHarmless(render(pieces.join(''), 'guides/page.mdoc'));
    };
    fc.assert(fc.property(fc.array(piece, { maxLength: 25 }), check), { numRuns: 500 });
  });

  it('attack: renders Markdown without raw HTML to markup that the sanitizer accepts', () => {
    const piece = fc.constantFrom(
      ...[
        '# h\n',
        '> [!TIP]\n',
        '> q\n',
        '- l\n',
        '1. n\n',
        '| a | b |\n|:--|--:|\n| c | d |\n',
        '```ts\nconst a = "b";\n```\n',
      ],
      ...[
        '[x](y.md "t")',
        '![a "b"](z.png)',
        '`c`',
        '**b**',
        '~~s~~',
        'https://e.example/?a=1&b=2',
        '\n\n',
        '&amp;',
        '"',
        "'",
      ],
      ...[
        '{% tabs %}\n',
        '{% tab label="l" %}\n',
        '{% /tab %}\n',
        '{% /tabs %}\n',
        '{% admonition %}\n',
        '{% /admonition %}\n',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const markup = render(pieces.join(''));
        const same = sanitize(markup, (address) => address).markup;
        expect(tagsOf(same)).toEqual(tagsOf(markup));
      }),
      { numRuns: 500 },
    );
  });

  it('attack: rejects deeply nested elements', () => {
    expect(() => render('<div>'.repeat(100_000))).toThrow(PageTooComplexError);
  });
});

describe('titleOf', () => {
  it('is the first heading of level 1', () => {
    expect(titleOf('Text\n\n## Two\n\n# The *real* `one`\n\n# Other', 'page.md')).toBe('The real one');
    expect(titleOf('Setext\n======\n', 'page.md')).toBe('Setext');
  });

  it('is not a comment in a code block', () => {
    expect(titleOf('```sh\n# not me\n```\n', 'page.md')).toBeUndefined();
  });
});

/** The tags with their attributes, in one order of writing. */
function tagsOf(markup: string): string[] {
  return (markup.match(/<[^>]*>/g) ?? []).map((tag) => {
    const [name = '', ...attributes] = tag.replace(/^<|\s*\/?>$/g, '').match(/[^\s="]+(?:="[^"]*")?/g) ?? [];
    return [name, ...attributes.sort()]
      .join(' ')
      .replaceAll('=""', '')
      .replaceAll('&#39;', "'")
      .replaceAll('&gt;', '>');
  });
}

/** Looks only at tags and attributes: as text, all of it is welcome. */
function expectHarmless(markup: string): void {
  const allowed = /^<(?:\/?[a-z][a-z0-9]*)(?: [a-z-]+(?:="[^"<>]*")?)*(?: \/)?>$/;
  for (const tag of markup.match(/<[^>]*>?/g) ?? []) {
    expect(tag).toMatch(allowed);
    expect(tag).not.toMatch(
      /^<\/?(?:script|style|iframe|svg|math|object|embed|form|input|button|base|link|meta|template|textarea)\b/,
    );
    const attributes = [...tag.matchAll(/ ([a-z-]+)="([^"]*)"/g)];
    for (const [, name = '', value = ''] of attributes) {
      expect(name).not.toMatch(/^on|^style$|^srcset$|^srcdoc$|^action$/);
      if (name === 'href' || name === 'src') expect(value).toMatch(/^(?:https?:|mailto:|tel:|\/(?!\/)|#|\?)|^$/);
      if (name === 'class')
        expect(value).toMatch(
          /^(?:anchor|language-[\w+#.-]+|(?:hljs-[\w-]+|\w+_| )+|admonition[\w -]*|tabs?|tab-label)$/,
        );
    }
  }
}
