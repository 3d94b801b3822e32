import { describe, expect, it } from '@jest/globals';
import { textDiff } from './text-diff.rules.js';

describe('the difference of two texts', () => {
  it('is a unified diff without file headers', () => {
    expect(textDiff('a\nb\nc\n', 'a\nB\nc\n')).toBe('@@ -1,3 +1,3 @@\n a\n-b\n+B\n c');
  });

  it('shows a missing line end', () => {
    expect(textDiff('a\n', 'a')).toBe('@@ -1,1 +1,1 @@\n-a\n+a\n\\ No newline at end of file');
  });

  it.each([
    ['of many edits', Array.from({ length: 20_000 }, (_, index) => `${index % 97}\n`)],
    ['of many lines', Array.from({ length: 500_000 }, (_, index) => `${index % 3}\n`)],
  ])('attack: is not computed for texts %s', (_, lines) => {
    const started = performance.now();
    expect(
      textDiff(
        lines.join(''),
        [...lines]
          .reverse()
          .map((line) => `x${line}`)
          .join(''),
      ),
    ).toBeNull();
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
