import { describe, expect, it } from '@jest/globals';
import { renderMarkdown, type MarkdownContext } from './markdown.renderer.js';

const context: MarkdownContext = {
  file: 'page.md',
  rewrite: (reference) => reference,
  warn: () => undefined,
  include: () => undefined,
};

const render = (text: string) => renderMarkdown(text, context);

describe('forbidden tags', () => {
  it.each([
    ...['title', 'textarea', 'style', 'script', 'xmp', 'iframe', 'noembed', 'noframes', 'plaintext'],
    ...['object', 'select', 'option', 'template', 'noscript', 'svg', 'math', 'TITLE', 'Svg'],
  ])('shows <%s> in prose as text', (name) => {
    const { html, headings } = render(`Set the <${name}> of the page, <b>now</b>.\n\n## Next\n\nMore.`);
    expect(html.markup).toContain(`<p>Set the &lt;${name}&gt; of the page, <b>now</b>.</p>`);
    expect(html.markup).toContain('<h2 id="next">Next');
    expect(html.markup).toContain('<p>More.</p>');
    expect(headings).toHaveLength(1);
  });

  it.each([
    '<div>\n<title>\n</div>\n\n## Next\n',
    '<svg viewBox="0">\n\n## Next\n',
    '<p>\n<textarea\nrows=1></p>\n\n## Next',
  ])('keeps the text after them in an HTML block: %j', (text) => {
    expect(render(text).html.markup).toContain('<h2 id="next">Next');
  });

  it('shows generic types as written', () => {
    expect(render('A List<Object> of <template x="1"> and </template>.').html.markup).toBe(
      '<p>A List&lt;Object&gt; of &lt;template x=&quot;1&quot;&gt; and &lt;/template&gt;.</p>\n',
    );
  });

  it('keeps them in the text of headings', () => {
    expect(render('## The <title> element').headings).toEqual([
      { id: 'the-title-element', level: 2, text: 'The <title> element' },
    ]);
  });

  it('drops closed drawings, but not tags with similar names', () => {
    expect(render('a <svg><title>x</title></svg> b <titles>c</titles>').html.markup).toBe('<p>a  b c</p>\n');
    expect(render('<svg>\n<title>x</title>\n</svg>\n\nb').html.markup.trim()).toBe('<p>b</p>');
  });

  it('attack: takes linear time for many of them', () => {
    expect(render('<svg>'.repeat(50_000)).html.markup).toContain('&lt;svg&gt;');
  });
});
