import { describe, expect, it } from '@jest/globals';
import { splitFrontMatter } from './front-matter.rules.js';

describe('splitFrontMatter', () => {
  it('takes title and description from the top of a page', () => {
    expect(splitFrontMatter('---\ntitle: Start\ndescription: How to\nother: [1]\n---\n# Body\n')).toMatchObject({
      frontMatter: { title: 'Start', description: 'How to' },
      body: '# Body\n',
    });
  });

  it('copes with a byte order mark, Windows line ends and numbers as titles', () => {
    expect(splitFrontMatter('\uFEFF---\r\ntitle: 2026\r\n---\r\nBody')).toMatchObject({
      frontMatter: { title: '2026' },
      body: 'Body',
    });
  });

  it('leaves a rule of Markdown alone', () => {
    for (const text of ['---\nno end', 'Text\n---\ntitle: x\n---\n', '----\ntitle: x\n---\n']) {
      expect(splitFrontMatter(text)).toMatchObject({ frontMatter: {}, body: text });
    }
  });

  it('takes an empty block', () => {
    expect(splitFrontMatter('---\n---\nBody')).toMatchObject({ frontMatter: {}, body: 'Body' });
  });

  it('names the line in the page when the block is broken', () => {
    expect(() => splitFrontMatter('---\ntitle: x\ndescription: "open\n---\nBody')).toThrow(/line [34]/);
    expect(() => splitFrontMatter('---\n- a\n---\n')).toThrow('line 1: front matter is not a list');
  });
});
