import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inTextarea, withEndingsOf } from './line-endings.rules.js';

describe('the text of a textarea', () => {
  it('gets the line endings of a Windows file, also on new lines', () => {
    expect(withEndingsOf('a\r\nb\r\n', 'a\nnew\nb\n')).toBe('a\r\nnew\r\nb\r\n');
    expect(withEndingsOf('a\r\nb', 'a\nb\nc\n')).toBe('a\r\nb\r\nc\r\n');
    expect(withEndingsOf('a\nb\n', 'b\n')).toBe('b\n');
    expect(withEndingsOf('', 'a\nb\n')).toBe('a\nb\n');
    expect(withEndingsOf('a\r\n', '')).toBe('');
  });

  it('keeps unchanged lines of a file with mixed endings, and gives the others the most frequent ending', () => {
    expect(withEndingsOf('a\nb\r\nc\r\nd\n\r\n', 'a\nb\nX\nY\nd\n\n')).toBe('a\nb\r\nX\r\nY\r\nd\n\r\n');
    expect(withEndingsOf('a\rb\rc', 'a\nB\nc')).toBe('a\rB\rc');
  });

  const text = fc
    .array(fc.constantFrom('a', 'b', '\n', '\r\n', '\r', ''), { maxLength: 20 })
    .map((parts) => parts.join(''));

  it('differs from the typed text in line endings only, and equals the file once the original text is restored', () => {
    fc.assert(
      fc.property(text, text, (original, other) => {
        const typed = inTextarea(other);
        expect(inTextarea(withEndingsOf(original, typed))).toBe(typed);
        expect(withEndingsOf(original, inTextarea(original))).toBe(original);
      }),
    );
  });
});
