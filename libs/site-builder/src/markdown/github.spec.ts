import { describe, expect, it } from '@jest/globals';
import type { RewriteLink } from '../links/page-links.js';
import { renderMarkdown, titleOf, type MarkdownContext } from './markdown.renderer.js';

const asked: string[] = [];
const rewrite: RewriteLink = (reference) => {
  asked.push(reference);
  return reference.startsWith('..') || reference.startsWith('java') ? undefined : reference.replace(/^(?!#)/, '/');
};

const context: MarkdownContext = { file: 'page.md', rewrite, warn: () => undefined, include: () => undefined };
const render = (text: string): string => renderMarkdown(text, context).html.markup;

describe('footnotes', () => {
  it('are rendered last, in the order of their references, with links back', () => {
    expect(render('A[^b] and B[^1].\n\n[^1]: Source.\n[^b]: *Two*\n    lines\n\n    [x](x.md)\n\nEnd[^b].')).toBe(
      '<p>A<sup><a href="#fn:1" id="fnref:1">1</a></sup> and B<sup><a href="#fn:2" id="fnref:2">2</a></sup>.</p>\n' +
        '<p>End<sup><a href="#fn:1" id="fnref:1:2">1</a></sup>.</p>\n<section class="footnotes">\n<ol>\n<li id="fn:1">\n' +
        '<p><em>Two</em>\nlines</p>\n<p><a href="/x.md">x</a> ' +
        '<a class="footnote-back" href="#fnref:1" aria-label="Back to the text">↩</a></p>\n</li>\n<li id="fn:2">\n' +
        '<p>Source. <a class="footnote-back" href="#fnref:2" aria-label="Back to the text">↩</a></p>\n</li>\n</ol>\n</section>\n',
    );
  });

  it('are text if they are not defined', () => {
    asked.length = 0;
    expect(render('A[^1]\n\n[^1]: Source.')).not.toContain('Source.</a>');
    expect(asked).toEqual([]);
    expect(render('A[^x] [^ y]: z\n\n[^unused]: gone')).toBe('<p>A[^x] [^ y]: z</p>\n');
  });

  it('are kept by the sanitizer', () => {
    const { html, anchors } = renderMarkdown('A[^1] <b>x</b>\n\n[^1]: Source.\n', context);
    expect(html.markup).toMatch(/<a (?=[^>]*id="fnref:1")[^>]*href="#fn:1"[^>]*>1<[^]*<section class="footnotes">/);
    expect(html.markup).toMatch(/<li id="fn:1">[^]*<a (?=[^>]*class="footnote-back")[^>]*href="#fnref:1"/);
    expect(anchors).toEqual(['fnref:1', 'fn:1']);
  });

  it('are numbered across a page and its includes', () => {
    const include = () => ({ text: 'C[^1]\n\n[^1]: Included.', context });
    const { html } = renderMarkdown('A[^1]\n\n{% partial file="x" /%}\n\n[^1]: Own.', { ...context, include });
    const ids = [...html.markup.matchAll(/ id="(fn:\d)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['fn:1', 'fn:2']);
    expect(html.markup).toMatch(/^<p>A<sup><a href="#fn:2"[^]*<p>C<sup><a href="#fn:1"/);
  });

  it('are listed only if they are referenced', () => {
    const markup = render('[^c]: unused[^d]\n[^b]: two\n\nA[^a].\n\n[^a]: one[^b]\n[^d]: unused');
    expect(markup).toMatch(/<li id="fn:1">\n<p>one<sup>[^]*<li id="fn:2">\n<p>two /);
    expect(markup).not.toContain('unused');
  });

  it('do not publish files that only dropped footnotes link to', () => {
    asked.length = 0;
    render('A\n\n[^1]: [x](x.md)');
    expect(asked).toEqual([]);
  });

  it('attack: take linear time', () => {
    render(Array.from({ length: 20_000 }, (_, at) => `[^${at}] [^${at}]\n\n[^${at}]: x\n\n`).join(''));
    render(`[^a]: x\n\n${'[^'.repeat(100_000)}`);
    expect(render('[^a]: '.repeat(20_000))).not.toContain('<section');
  });
});

describe('task lists', () => {
  it('render checked and unchecked boxes', () => {
    expect(render('- [ ] one\n- [x] *two*\n- [X] three\n- [y] no\n- [ ]no')).toBe(
      '<ul>\n<li class="task">☐ one</li>\n<li class="task">☑ <em>two</em></li>\n<li class="task">☑ three</li>\n' +
        '<li>[y] no</li>\n<li>[ ]no</li>\n</ul>\n',
    );
    expect(render('[x] no list\n\n- [x](y.md)')).toContain('<p>[x] no list</p>');
    expect(render('1. [ ] <b>one</b>')).toContain('<li class="task">☐ <b>one</b></li>');
  });
});

describe('videos and audio', () => {
  it('are rendered with controls from the hosts allowed for images', () => {
    expect(render('<video src="a.mp4" poster="a.png" autoplay onplay="x()" width=300></video>')).toBe(
      '<p><video width="300" src="/a.mp4" poster="/a.png" controls preload="metadata"></video></p>\n',
    );
    expect(render('<audio controls><source src="a.mp3" type="audio/mpeg">none</audio>')).toContain(
      '<audio controls preload="metadata"><source type="audio/mpeg" src="/a.mp3" />none</audio>',
    );
    expect(render('<video src="../../x.mp4" poster="javascript:x">no</video>')).toContain(
      '<video controls preload="metadata">no</video>',
    );
  });
});

describe('alerts', () => {
  const isAlert = (text: string) => render(text).startsWith('<div class="admonition');

  it.each([
    '> [!NOTE]  \n> two spaces',
    '> [!WARNING]\\\n> backslash',
    '> [!note]\n> lower case',
    '>[!TIP]\n>no space',
    '> [!NOTE]\n> - a list',
    '> [!IMPORTANT] \n> one space',
    '> [!CAUTION]\n>\n> a paragraph',
    '> [!Tip]\n> mixed',
    '> [!NOTE]\r\n> CRLF\r\n',
    '> [!TIP]  \r\n> CRLF and two spaces\r\n',
    '> [!NOTE]\t\n> a tab',
  ])('are boxes without their marker: %j', (text) => {
    expect(isAlert(text)).toBe(true);
    expect(render(text)).not.toContain('[!');
    expect(render(text)).not.toContain('<p></p>');
  });

  it.each(['> [!NOTE] same line.', '> [!OTHER]\n> unknown.', '> [!NOTE]x\n> y', '[!NOTE]\n', '> a\n> [!NOTE]\n> b'])(
    'stay text: %j',
    (text) => {
      expect(isAlert(text)).toBe(false);
      expect(render(text)).toContain('[!');
    },
  );
});

describe('heading ids', () => {
  const idsOf = (text: string) => renderMarkdown(text, context).headings.map(({ id }) => id);

  it.each([
    ['第一章　概要', '第一章概要'],
    ['Prix : 5 €', 'prix--5-'],
    ['Prix\u00a0: 5 €', 'prix-5-'],
    ['H²O ½', 'ho-'],
    ['①Intro', 'intro'],
    ['a＿b', 'a＿b'],
    ['a‿b', 'a‿b'],
    ['Project ![build](b.png)', 'project-'],
    ['Key <!-- c -->', 'key-'],
    ['<img src="b.png" alt="x"> Start', '-start'],
    ['Ⅳ Four', 'ⅳ-four'],
    ['Emoji 🚀 go', 'emoji--go'],
    [':rocket: go', 'rocket-go'],
    ['C++ & C#', 'c--c'],
    ['`code` *it*', 'code-it'],
    ['Ünï Ç', 'ünï-ç'],
    ['ⓐ circled', 'ⓐ-circled'],
    ['a\tb', 'ab'],
    ['🚀', 'section'],
  ])('are those of GitHub: %s', (heading, id) => {
    expect(idsOf(`## ${heading}\n\n<b>raw</b>`)).toEqual([id]);
    if (!heading.includes('<')) expect(idsOf(`## ${heading}`)).toEqual([id]);
  });

  it('count headings in raw HTML in the order of the page', () => {
    const text =
      '<h1 align="center">Acme Kit</h1>\n\n<h2 align="center">Installation</h2>\n\n## Installation\n\n<div>\n\n<h3>\n  A &amp; <em>B</em></h3>\n\n</div>\n';
    const { html, headings } = renderMarkdown(text, context);
    expect(headings).toEqual([
      { id: 'acme-kit', level: 1, text: 'Acme Kit' },
      { id: 'installation', level: 2, text: 'Installation' },
      { id: 'installation-1', level: 2, text: 'Installation' },
      { id: '--a--b', level: 3, text: 'A & B' },
    ]);
    expect(html.markup).toContain(
      '<h2 align="center" id="installation">Installation <a class="anchor" href="#installation"',
    );
    expect(html.markup).toContain('<h2 id="installation-1">Installation <a');
    expect(titleOf(text, 'page.md')).toBe('Acme Kit');
  });

  it('keep ids of raw HTML', () => {
    const text =
      '<h2 id="own">Own</h2>\n\n<h2><a name="x"></a>X</h2>\n\n## Own\n\n<h2></h2>\n\n<h2><img src="x.png"></h2>\n';
    const { headings, anchors } = renderMarkdown(text, context);
    expect(headings.map(({ id }) => id)).toEqual(['own', 'x', 'own-1']);
    expect(anchors).toEqual(['own', 'x', 'x']);
  });

  it('attack: text and ids of raw headings are escaped', () => {
    const text = `<h2>&lt;img src=x onerror=alert(1)&gt; "'</h2>\n\n<h2 id='"&gt;&lt;script&gt;'>x</h2>\n\n<!-- <h2>gone</h2> -->\n\n<h2 title="<h3>t</h3>">Y</h2>\n`;
    const { html, headings } = renderMarkdown(text, context);
    expect(headings.map((heading) => heading.text)).toEqual([`<img src=x onerror=alert(1)> "'`, 'x', 'Y']);
    expect(html.markup).not.toMatch(/<img|<script|<h3/);
  });

  it('attack: raw headings take linear time', () => {
    const start = performance.now();
    renderMarkdown('<h2>x\n\n'.repeat(400) + '<h2 id="a">b</h2>\n\n'.repeat(5000), context);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('autolinks', () => {
  it.each([
    ['www.commonmark.org/a_b.', '<a href="/http://www.commonmark.org/a_b">www.commonmark.org/a_b</a>.'],
    ['(www.example.com/x)', '(<a href="/http://www.example.com/x">www.example.com/x</a>)'],
    ['http://a.example/?q=1&amp;b', '<a href="/http://a.example/?q=1&amp;b">http://a.example/?q=1&amp;b</a>'],
    ['http://a.example/_b_/*c*', '<a href="/http://a.example/_b_/*c">http://a.example/_b_/*c</a>*'],
    ['see me@example.com, ok', 'see <a href="/mailto:me@example.com">me@example.com</a>, ok'],
    ['README.md and a.b', 'README.md and a.b'],
    ['ftp://foo.bar.baz', 'ftp://foo.bar.baz'],
    ['xwww.example.com', 'xwww.example.com'],
    ['`www.example.com` \\@ a@b', '<code>www.example.com</code> @ a@b'],
    ['[www.example.com](x)', '<a href="/x">www.example.com</a>'],
    ['http:// and https://.', 'http:// and https://.'],
    ['http://localhost:3000/x', '<a href="/http://localhost:3000/x">http://localhost:3000/x</a>'],
  ])('in %s are those of GFM', (text, expected) => {
    expect(render(text)).toBe(`<p>${expected}</p>\n`);
  });

  it('are not made inside of links in raw HTML', () => {
    expect(render('<a href="x.md">www.example.com</a>').match(/<a /g)).toHaveLength(1);
  });

  it.each(['www.', 'a@', 'http://', '(www.a.b', 'a.b@c.d@', '_www.', 'https://a;&', ':smile', '$x', '~', '$$a ', '`$'])(
    'attack: take linear time on %j',
    (part) => {
      const start = performance.now();
      render(part.repeat(100_000 / part.length));
      expect(performance.now() - start).toBeLessThan(5000);
    },
  );
});

describe('strikethrough', () => {
  it('takes one or two tildes', () => {
    expect(render('~old~ ~~gone~~ ~~~no~~~ a~b~c ~~x~ ~ a ~')).toBe(
      '<p><del>old</del> <del>gone</del> ~~~no~~~ a<del>b</del>c ~~x~ ~ a ~</p>\n',
    );
  });
});

describe('emojis', () => {
  it('replace shortcodes outside of code', () => {
    expect(render(':rocket: :a:rocket: `:tada:` :nosuch: 10:30:45 :+1:')).toBe(
      '<p>🚀 🅰️rocket: <code>:tada:</code> :nosuch: 10:30:45 👍</p>\n',
    );
  });
});

describe('formulas', () => {
  it.each(['$x$', '$`x`$', '$$x$$', '$$\nx\n$$', '```math\nx\n```', 'a $x$, b', '($x$)'])('%j are MathML', (text) => {
    expect(render(text)).toContain('<mi>x</mi>');
    expect(render(`<b>raw</b> ${text.startsWith('a') ? text : ''}\n\n${text}`)).toContain('<mi>x</mi>');
  });

  it.each(['$5 and $6', 'US$5, US$6', '\\$x$', '`$x$`', '$HOME/$PATH', '$ x $', '$$', '$x$y', '```\n$x$\n```'])(
    '%j are text',
    (text) => {
      expect(render(text)).not.toContain('<math');
    },
  );

  it('that cannot be rendered are shown as code and reported', () => {
    const warnings: string[] = [];
    const warn: MarkdownContext['warn'] = (code) => void warnings.push(code);
    expect(renderMarkdown('$\\frac{$', { ...context, warn }).html.markup).toBe(
      '<p><code class="language-math">\\frac{</code></p>\n',
    );
    expect(warnings).toEqual(['math-invalid']);
  });

  it('attack: contain no links, scripts or styles', () => {
    const attacks = [
      '\\href{javascript:alert(1)}{x}',
      '\\text{<img src=x onerror=alert(1)>}',
      '\\class{a" onclick="alert(1)}{x}',
      '\\style{color:red;background:url(https://evil.example)}{x}',
      '\\includegraphics{https://evil.example/x.png}',
      '\\htmlData{a=b}{x}',
      '\\color{red;background:url(x)}{x}',
    ];
    for (const attack of attacks) {
      const markup = render(`$${attack}$\n\n$$\n${attack}\n$$`);
      expect(markup).not.toMatch(/<(?:a|img|script)[\s>]|<[^<>]* (?:href|src|style|on\w+)=/i);
    }
  });

  it('attack: take bounded time', () => {
    const start = performance.now();
    render(`$${'{'.repeat(3000)}$`);
    render(`$\\def\\a{\\a\\a}\\a$ ${'$\\def\\a#1{#1#1#1}\\a{\\a{\\a{\\a{\\a{\\a{\\a{x}}}}}}}$ '.repeat(100)}`);
    render('$x^{\\frac{a}{b}}$ '.repeat(20_000));
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('diagrams and contents', () => {
  it('reports whether the page has a diagram, whose source is shown as code', () => {
    const { html, diagrams } = renderMarkdown('```mermaid\ngraph TD; A-->B\n```', context);
    expect(html.markup).toBe('<pre><code class="language-mermaid">graph TD; A--&gt;B\n</code></pre>\n');
    expect(diagrams).toBe(true);
    expect(renderMarkdown('`mermaid`', context).diagrams).toBe(false);
  });

  it('replaces [[toc]] with the headings', () => {
    for (const text of ['[[toc]]\n\n# T\n\n## A <b>\n\n### B', '[[_TOC_]]\n\n# T\n\n## A <b>\n\n### B\n\n<b>x</b>']) {
      expect(render(text)).toContain('<li class="level-2"><a href="#a-">A</a></li>');
      expect(render(text)).toContain('<li class="level-3"><a href="#b">B</a></li>');
    }
    expect(render('a [[toc]]')).toBe('<p>a [[toc]]</p>\n');
  });

  it('attack: placeholders of formulas and ids cannot be written', () => {
    const markup = render('$x$ r00000000000000000000000000000000x0x <b>b</b>');
    expect(markup.match(/<math/g)).toHaveLength(1);
    expect(markup).toContain('r00000000000000000000000000000000x0x');
  });
});
