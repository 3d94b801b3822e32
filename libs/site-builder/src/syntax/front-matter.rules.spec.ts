import { describe, expect, it } from '@jest/globals';
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

  it('keeps a thematic break', () => {
    for (const text of ['---\nno end', 'Text\n---\ntitle: x\n---\n', '----\ntitle: x\n---\n']) {
      expect(splitFrontMatter(text)).toMatchObject({ frontMatter: {}, body: text });
    }
  });

  it('accepts an empty block', () => {
    expect(splitFrontMatter('---\n---\nBody')).toMatchObject({ frontMatter: {}, body: 'Body' });
  });

  it('reports the line of an error in the page', () => {
    expect(() => splitFrontMatter('---\ntitle: x\ndescription: "open\n---\nBody')).toThrow(/line [34]/);
    expect(() => splitFrontMatter('---\n- a\n---\n')).toThrow('line 1: the front matter is not a list');
  });
});
