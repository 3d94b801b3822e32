import { describe, expect, it } from '@jest/globals';
import { readUrl } from './read-url.rules.js';

describe('readUrl', () => {
  it('parses absolute URLs, and relative ones with a base', () => {
    expect(readUrl('https://ghes.example.com/a')?.href).toBe('https://ghes.example.com/a');
    expect(readUrl('/b', 'https://ghes.example.com/a')?.href).toBe('https://ghes.example.com/b');
    expect([readUrl('b'), readUrl('https://'), readUrl('https://a b')]).toEqual([undefined, undefined, undefined]);
  });

  it('parses an international name repeatedly', () => {
    let read = 0;
    for (let i = 0; i < 50_000; i += 1) if (readUrl('https://bücher.example')) read += 1;
    expect(read).toBe(50_000);
  });
});
