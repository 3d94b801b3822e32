import { describe, expect, it } from '@jest/globals';
import { renderMarkdown, titleOf, type MarkdownContext } from './markdown.renderer.js';

const said: string[] = [];
const context: MarkdownContext = {
  file: 'page.mdoc',
  rewrite: (reference) => reference,
  warn: (code) => void said.push(code),
  include: () => undefined,
};

const render = (text: string): string => {
  said.length = 0;
  return renderMarkdown(text, context).html.markup;
};

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
    ['- {% if $x %}\n  a\n\nb', '<ul>\n<li></li>\n</ul>\n<p>b</p>', 2],
    ['b\n\n{% if $x %}\na\n\n> a', '<p>b</p>', 2],
  ])('in %j leaves %j', (text, expected, warnings) => {
    expect(render(text).trim()).toBe(expected);
    expect(said).toHaveLength(warnings);
  });

  it('hides titles too', () => {
    expect(titleOf('{% if $x %}\n# Secret\n{% /if %}\n\n# Open')).toBe('Open');
    expect(titleOf('# {% if $x %}Secret{% else /%}Open{% /if %}')).toBe('Open');
  });
});

describe('table', () => {
  it('has lists as rows, and rules between them', () => {
    expect(render('{% table %}\n* A\n* B\n---\n* a *1*\n* - x\n  - y\n---\n* c\n* d\n{% /table %}\n\nend')).toBe(
      '<table>\n<thead>\n<tr>\n<th>A</th>\n<th>B</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>a <em>1</em></td>\n' +
        '<td><ul>\n<li>x</li>\n<li>y</li>\n</ul>\n</td>\n</tr>\n<tr>\n<td>c</td>\n<td>d</td>\n</tr>\n</tbody>\n</table>\n<p>end</p>\n',
    );
    expect(render('{% table %}\n---\n* a\n{% /table %}')).toBe(
      '<table>\n<tbody>\n<tr>\n<td>a</td>\n</tr>\n</tbody>\n</table>\n',
    );
    expect(said).toEqual([]);
  });

  it('stays what it is where it is no such table', () => {
    expect(render('{% table %}\n| a |\n|---|\n| b |\n{% /table %}')).toMatch(/^<table>\n<thead>\n<tr>\n<th>a<\/th>/);
    expect(render('{% table %}\ntext\n{% /table %}')).toBe('<p>text</p>\n');
    expect(render('{% table %}\n{% /table %}')).toBe('');
  });
});

describe('tags without end', () => {
  it.each(['{% x %}\n\n', '{% table %}\n\n', '{% if true %}\n\n', '{% if true %}a ', '{% if $x %}a ', '{% else /%}'])(
    'end: %j',
    (tag) => {
      render(tag.repeat(30_000));
      expect(said.length).toBeGreaterThan(0);
    },
  );
});
