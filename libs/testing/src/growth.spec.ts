import { describe, expect, it } from '@jest/globals';
import { growthExponent } from './growth.js';

describe('growthExponent', () => {
  it('is about 1 for a linear function', () => {
    const sum = (bytes: Buffer) => bytes.reduce((total, byte) => total + byte, 0);
    expect(growthExponent((size) => Buffer.alloc(size), sum)).toBeLessThan(1.6);
  });

  it('is about 2 for a quadratic expression, found without the largest input', () => {
    const jwt = new RegExp(String.raw`\beyJ[\w-]+\.`, 'g');
    const sizes: number[] = [];
    const growth = growthExponent(
      (size) => '-eyJ'.repeat(size / 4),
      (text) => {
        sizes.push(text.length);
        return text.replace(jwt, '');
      },
    );
    expect(growth).toBeGreaterThan(1.6);
    expect(Math.max(...sizes)).toBeLessThan(1_048_576);
  });
});
