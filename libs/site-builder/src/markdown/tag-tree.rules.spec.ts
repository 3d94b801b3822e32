import { describe, expect, it } from '@jest/globals';
import { renderMarkdown, titleOf, type MarkdownContext } from './markdown.renderer.js';

const warned: string[] = [];
const context: MarkdownContext = {
  file: 'page.mdoc',
  rewrite: (reference) => reference,
  warn: (code) => void warned.push(code),
  include: () => undefined,
};

const render = (text: string): string => {
  warned.length = 0;
  return renderMarkdown(text, context).html.markup;
};

const alert = (content: string) =>
  `<div class="admonition admonition-info" role="note">\n<p class="admonition-title">Note</p>\n${content}\n</div>`;

describe('if', () => {
  it.each([
    ['{% if true %}\na\n{% else /%}\nb\n{% /if %}', '<p>a</p>', 0],
    ['{% if false %}\na\n{% else /%}\nb\n{% /if %}', '<p>b</p>', 0],
    ['{% if null %}\na\n{% else %}\nb\n{% /if %}', '<p>b</p>', 0],
    ['{% if false %}\na\n{% else false /%}\nb\n{% else /%}\nc\n{% /if %}', '<p>c</p>', 0],
    ['{% if $x %}\na\n{% else $y /%}\nb\n{% else /%}\nc\n{% /if %}', '<p>c</p>', 2],
    ['{% if $x %}\na\n{% else true /%}\nb\n{% else /%}\nc\n{% /if %}', '<p>b</p>', 1],
    ['{% if equals(1, 1) %}\n{% if true %}\na\n{% else /%}\nb\n{% /if %}\n{% /if %}\n\nc', '<p>c</p>', 1],
    ['{% if $x %}\n{% tabs %}\n{% tab label="l" %}\na\n{% /tab %}\n{% /tabs %}\n{% /if %}\n\nc', '<p>c</p>', 1],
    ['{% if $x %}secret draft{% else/%}other{% /if %}', '<p>other</p>', 1],
    ['{% if $x %}**a**{% /if %}', '<p></p>', 1],
    ['**{% if $x %}a** b {% /if %}c', '<p><strong></strong>c</p>', 1],
    ['{% if $x %}**a{% /if %} b** c', '<p> b c</p>', 1],
    ['b{% if $x %}a', '<p>b</p>', 2],
    ['- {% if $x %}\n  a\n\nb', '<ul>\n<li></li>\n</ul>', 2],
    ['b\n\n{% if $x %}\na\n\n> a', '<p>b</p>', 2],
  ])('reduces %j to %j', (text, expected, warnings) => {
    expect(render(text).trim()).toBe(expected);
    expect(warned).toHaveLength(warnings);
  });

  it.each([
    ['a {% if $x %} b\n\nc {% /if %} d', '<p>a </p>\n<p> d</p>', 1],
    ['a {% if true %} b\n\nc {% else /%} d\n\n# e {% /if %}\n\nf', '<p>a  b</p>\n<p>c </p>\n<p>f</p>', 0],
    ['> a {% if $x %} b\n\nc\n\n- d {% /if %}\n\ne', '<blockquote>\n<p>a </p>\n</blockquote>\n<p>e</p>', 1],
    ['- {% if $x %}\n  a\n\nb\n\n{% /if %}\n\nc', '<ul>\n<li></li>\n</ul>\n<p>c</p>', 1],
    ['{% if $x %}\na {% if true %} b\n{% /if %}\n\nc\n{% /if %}\n\nd', '<p>d</p>', 1],
    ['{% tabs %}\n{% if $x %}\n{% /tabs %}\na\n{% /if %}', '<div class="tabs">\n</div>', 1],
    ['> [!NOTE]\n> a {% if $x %}\n\nb', alert('<p>a </p>'), 2],
    ['> {% if $x %}[!NOTE]{% /if %}\n> a', '<blockquote>\n<p>\na</p>\n</blockquote>', 1],
  ])('hides content up to its end, also in another block: %j', (text, expected, warnings) => {
    expect(render(text).trim()).toBe(expected);
    expect(warned).toHaveLength(warnings);
  });

  it.each([
    ['{% if $x && $y %}\na\n{% /if %}\n\nb', '<p>b</p>'],
    ['{% if true %}\nb\n{% else if $x %}\na\n{% /if %}', '<p>b</p>'],
    ['{% if\n$x %}\na\n{% /if %}\n\nb', '<p>b</p>'],
    ['b {% if\n$x %}a{% /if %}', '<p>b </p>'],
    ['b {% if\nequals($x, 1) %}a', '<p>b </p>'],
    ['{% if null %}\na\n{% /if %}\n\nb', '<p>b</p>'],
  ])('is supported on Markdown pages: %j', (text, expected) => {
    expect(renderMarkdown(text, { ...context, file: 'page.md' }).html.markup.trim()).toBe(expected);
  });

  it.each([
    ['<div>\n{% if $x %}\nsecret\n{% /if %}\n</div>', '<div>\n</div>'],
    ['{% if false %}\n<div>\nsecret\n</div>\n{% /if %}\n\nEnd', '<p>End</p>'],
    [
      '> <div>\n> a\n> {% if $x %}\n> secret\n\nb\n\n{% /if %}\nc',
      '<blockquote>\n<div>\na\n</div></blockquote>\n<p>c</p>',
    ],
    ['<p>a{% if $x %}secret{% else /%}b{% /if %}</p>', '<p>ab</p>'],
    ['<pre>\n{% if $x %}\nsecret\n\n{% /if %}\n# b</pre>', '<pre>\n\n# b</pre>'],
    ['<p>{% if $x %}</p>\n\nsecret\n\n<p>secret{% /if %}b</p>', '<p>b</p>\n'],
    ['<div>{% if $x %}secret\n<!-- {% /if %} -->secret</div>\n\nsecret', '<div></div>'],
    ['a <b title="b{% if $x %}secret{% /if %}">b</b><!-- {% if $x %} -->', '<p>a <b title="b">b</b></p>'],
    ['[a](b "c{% if $x %}secret{% /if %}")', '<p><a href="b" title="c">a</a></p>'],
    ['<https://a.example/{%if($x)%}secret{%/if%}>', '<p><a href="https://a.example/">https://a.example/</a></p>'],
    ['{% if $x %}a<b>secret{% /if %}</b>c', '<p>c</p>'],
  ])('hides HTML and attributes: %j', (text, expected) => {
    expect(render(text).trim()).toBe(expected.trim());
    expect(renderMarkdown(text, { ...context, file: 'page.md' }).html.markup.trim()).toBe(expected.trim());
  });

  it('hides a part of the text of an image', () => {
    expect(render('![a{% if $x %}secret{% /if %}*b*](c.png)')).toContain('alt="ab"');
    const rejecting = { ...context, rewrite: () => undefined };
    expect(renderMarkdown('![a{% if $x %}secret{% /if %}](c.png)', rejecting).html.markup).toBe(
      '<p><span>a</span></p>\n',
    );
  });

  it('hides footnotes that only hidden content refers to', () => {
    expect(render('{% if $x %}\nSee[^1].\n\n[^1]: secret\n{% /if %}\n\nEnd[^1].')).toBe('<p>End[^1].</p>\n');
    expect(render('{% if $x %}\nSee[^1].\n{% /if %}\n\nEnd.\n\n[^1]: secret')).toBe('<p>End.</p>\n');
    const chosen = render('a[^2] b[^1]\n\n{% if $x %}\n[^1]: secret\n{% else /%}\n[^1]: c\n{% /if %}\n\n[^2]: d');
    expect(chosen).toMatch(/>1<\/a><\/sup> b<sup>.*>2<\/a>[^]*<li id="fn:1">\n<p>d [^]*<li id="fn:2">\n<p>c /);
    expect(chosen).not.toContain('secret');
  });

  it('hides link definitions', () => {
    expect(render('{% if $x %}\n[a]: secret.zip\n[b]: secret\n\n{% else /%}\n[A]: c "d"\n{% /if %}\n\n[a] [b]')).toBe(
      '<p><a href="c" title="d">a</a> [b]</p>\n',
    );
    expect(render('[a]: b\n[a]: c\n\n> [a]: d\n> [!NOTE]\n\n[a] {% if true %}[a][a]{% /if %}')).toMatch(
      /role="note">[^]*<p><a href="b">a<\/a> <a href="b">a<\/a><\/p>\n$/,
    );
    expect(render('a{% if $x %}\n\n[b]: secret')).toBe('<p>a</p>\n');
  });

  it('hides titles too', () => {
    expect(titleOf('{% if $x %}\n# Secret\n{% /if %}\n\n# Open', 'page.md')).toBe('Open');
    expect(titleOf('{% if null %}\n# Secret\n{% /if %}\n\n# Open', 'page.md')).toBe('Open');
    expect(titleOf('{% if null %}\n# Secret\n', 'page.mdoc')).toBeUndefined();
    expect(titleOf('# {% if $x %}Secret{% else /%}Open{% /if %}', 'page.md')).toBe('Open');
  });
});

describe('table', () => {
  it('renders lists as rows', () => {
    expect(render('{% table %}\n* A\n* B\n---\n* a *1*\n* - x\n  - y\n---\n* c\n* d\n{% /table %}\n\nend')).toBe(
      '<table>\n<thead>\n<tr>\n<th>A</th>\n<th>B</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>a <em>1</em></td>\n' +
        '<td><ul>\n<li>x</li>\n<li>y</li>\n</ul>\n</td>\n</tr>\n<tr>\n<td>c</td>\n<td>d</td>\n</tr>\n</tbody>\n</table>\n<p>end</p>\n',
    );
    expect(render('{% table %}\n---\n* a\n{% /table %}')).toBe(
      '<table>\n<tbody>\n<tr>\n<td>a</td>\n</tr>\n</tbody>\n</table>\n',
    );
    expect(warned).toEqual([]);
  });

  it('may contain footnotes and link definitions', () => {
    expect(render('{% table %}\n* A[^1]\n---\n* [a]\n\n[^1]: b\n\n[a]: c\n{% /table %}')).toMatch(
      /^<table>[^]*<\/table>\n<section class="footnotes">/,
    );
  });

  it('is not changed if it has other content', () => {
    expect(render('{% table %}\n| a |\n|---|\n| b |\n{% /table %}')).toMatch(/^<table>\n<thead>\n<tr>\n<th>a<\/th>/);
    expect(render('{% table %}\ntext\n{% /table %}')).toBe('<p>text</p>\n');
    expect(render('{% table %}\n{% /table %}')).toBe('');
  });
});

describe('unclosed tags', () => {
  it.each([
    ...['{% x %}\n\n', '{% table %}\n\n', '{% if true %}\n\n', '{% if true %}a ', '{% if $x %}a ', '{% else /%}'],
    ...[
      '{% if $x %}a\n\n',
      '<p>\n{% if true %}\n',
      '<p>{% if $x %}<!--',
      '- {% if true %}\n\n',
      '[a]: b\n{% if true %}\n\n',
    ],
  ])('attack: take linear time: %j', (tag) => {
    render(tag.repeat(30_000));
    expect(warned.length).toBeGreaterThan(0);
  });
});
