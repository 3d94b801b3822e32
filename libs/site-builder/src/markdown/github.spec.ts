import { describe, expect, it } from '@jest/globals';
import type { RewriteLink } from '../links/page-links.js';
import { renderMarkdown, type MarkdownContext } from './markdown.renderer.js';

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
