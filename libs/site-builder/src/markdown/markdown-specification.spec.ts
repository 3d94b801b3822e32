import { describe, expect, it } from '@jest/globals';
import { runSpecification } from '../../test/markdown-specification.mjs';
import { createParser } from './markdown.parser.js';

describe('the Markdown parser', () => {
  const results = runSpecification((markdown, extensions) => createParser(extensions).render(markdown));

  it.each(['commonmark', 'gfm'] as const)('renders the examples of the specification %s', (suite) => {
    const { total, unexpected, unused } = results[suite];
    expect(total).toBeGreaterThan(650);
    expect(unexpected).toEqual([]);
    expect(unused).toEqual([]);
  });

  it('lists few exceptions', () => {
    expect([results.commonmark.exceptions.length, results.gfm.exceptions.length]).toEqual([0, 7]);
  });
});
