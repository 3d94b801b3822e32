import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutStatusDescription, MAX_STATUS_DESCRIPTION } from './status-description.rules.js';

describe('cutStatusDescription', () => {
  it('shortens a text to 140 characters, and keeps shorter texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const cut = Array.from(cutStatusDescription(text));
        expect(cut.length).toBeLessThanOrEqual(MAX_STATUS_DESCRIPTION);
        expect(text.startsWith(cut.slice(0, -1).join(''))).toBe(true);
        if (Array.from(text).length <= MAX_STATUS_DESCRIPTION) expect(cut.join('')).toBe(text);
      }),
    );
  });

  it('does not split an emoji', () => {
    expect(cutStatusDescription('😀'.repeat(141))).toBe(`${'😀'.repeat(139)}…`);
  });
});
