import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitFrontMatter } from './front-matter.rules.js';

describe('splitFrontMatter', () => {
  it('reads title and description', () => {
    expect(splitFrontMatter('---\ntitle: Start\ndescription: How to\nother: [1]\n---\n# Body\n')).toMatchObject({
      frontMatter: { title: 'Start', description: 'How to' },
      body: '# Body\n',
    });
  });

  it('supports a byte order mark, CRLF and numbers as titles', () => {
    expect(splitFrontMatter('\uFEFF---\r\ntitle: 2026\r\n---\r\nBody')).toMatchObject({
      frontMatter: { title: '2026' },
      body: 'Body',
    });
  });

  it('accepts an empty block', () => {
    expect(splitFrontMatter('---\n---\nBody')).toMatchObject({
      frontMatter: { values: {} },
      body: 'Body',
      firstLine: 3,
    });
  });

  it('accepts `...` as the end', () => {
    const page = splitFrontMatter('---\ntitle: Dots\n...\n\n# Dots\n\n---\n\nEnd');
    expect(page).toMatchObject({ frontMatter: { title: 'Dots' }, body: '\n# Dots\n\n---\n\nEnd', firstLine: 4 });
  });

  it.each([
    ['a break that is not closed', '---\nno end'],
    ['a break further down', 'Text\n---\ntitle: x\n---\n'],
    ['four dashes', '----\n\nText *x*: y\n\n----\n'],
    ['emphasis with a colon', '---\n\n**Subject: Hello there**\n\nText.\n\n---\n\n> End\n'],
    ['a heading below a break', '---\nMy project\n---\n\nText\n'],
    ['a heading, which is a comment in YAML', '---\n# Title\n---\n\nText\n'],
    ['a list', '---\n- one\n- two\n\n---\n\nText\n'],
    ['a break in code', '---\n\nExample: this\n\n```yaml\n---\na: 1\n```\n\nText\n'],
    ['a break in code below an entry', '---\nExample: this\n```yaml\n---\na: 1\n```\n'],
    ['emphasis, which is an alias in YAML', '---\n*Draft*\n\n---\n\nText\n'],
    ['a quote', '---\n> a: b\n\n---\n'],
    ['a number', '---\n2026\n---\n'],
    ['an open quote', "---\ntitle:: '''\n---\n"],
  ])('keeps %s as Markdown', (_, text) => {
    expect(splitFrontMatter(text)).toEqual({ frontMatter: { values: {} }, body: text, firstLine: 1 });
  });

  it('warns about a block that is probably text', () => {
    const page = splitFrontMatter('---\n\nNote: moved to the wiki.\n\n---\n\nText\n');
    expect(page).toMatchObject({
      body: '\nText\n',
      firstLine: 6,
      diagnostic: { code: 'front-matter-unknown', line: 1 },
    });
    expect(splitFrontMatter('---\nlayout: post\nmine: 1\n---\n').diagnostic).toBeUndefined();
  });

  it('drops a block that is not valid YAML and reports its line in the page', () => {
    const page = splitFrontMatter('---\r\ntitle: x\r\ndescription: "open\r\n---\r\nBody');
    expect(page).toMatchObject({ frontMatter: { values: {} }, body: 'Body', firstLine: 5 });
    expect(page.diagnostic?.code).toBe('front-matter-invalid');
    expect(page.diagnostic?.line).toBeGreaterThanOrEqual(3);
  });

  it('attack: takes linear time', () => {
    const start = performance.now();
    for (const text of ['---\n'.repeat(300_000), `---\n${'- \n'.repeat(100_000)}`, `---\n${'--- x'.repeat(200_000)}`])
      splitFrontMatter(text);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('front matter of simple lines', () => {
  it('is read as YAML reads it', () => {
    const word = fc.constantFrom(
      'a',
      'title',
      'True',
      'null',
      'NO',
      ' ',
      ': ',
      ':',
      ' #',
      '#',
      "'",
      '"',
      '[',
      ',',
      '1',
      '~',
      '&x',
      '\t',
    );
    const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(''));
    const line = fc.tuple(
      fc.constantFrom('title', 'a', 'Null', 'b-c', 'constructor'),
      fc.constantFrom(': ', ':', ' : '),
      text,
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), (lines) => {
        const yaml = lines.map((parts) => parts.join('')).join('\n');
        const { frontMatter, diagnostic } = splitFrontMatter(`---\n${yaml}\n---\n`);
        // A blank line after the mapping changes nothing in YAML, and makes the text no simple one.
        const other = splitFrontMatter(`---\n${yaml}\n\n---\n`);
        expect([frontMatter, diagnostic?.code]).toEqual([other.frontMatter, other.diagnostic?.code]);
      }),
      { numRuns: 2_000 },
    );
  });
});
