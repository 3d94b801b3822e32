import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { acceptedText, statusContext, truncateDescription, unreportedContexts } from './commit-status.rules.js';

/** Characters that GHES accepts in statuses. */
const ACCEPTED = /^[^\p{Cc}\p{Cs}\u{10000}-\u{10ffff}]*$/u;

describe('texts of commit statuses', () => {
  it('name the characters that servers reject', () => {
    expect(truncateDescription('📘 guide.md:3: Missing closing "quote')).toBe(
      'U+1F4D8 guide.md:3: Missing closing "quote',
    );
    expect(statusContext('📚 Docs', 'build')).toBe('Reunite (U+1F4DA Docs): build');
  });

  it('keep the contexts of projects apart whose names differ by an emoji', () => {
    expect(statusContext('📚 Docs', 'build')).not.toBe(statusContext('📘 Docs', 'build'));
    const long = (emoji: string) => statusContext(emoji.repeat(40), 'build');
    expect(long('📚')).not.toBe(long('📘'));
  });

  it('have only accepted characters, within the limits, for every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        expect(acceptedText(text)).toMatch(ACCEPTED);
        expect(statusContext(text, 'preview')).toMatch(ACCEPTED);
        expect(statusContext(text, 'preview').length).toBeLessThanOrEqual(255);
        expect(Array.from(truncateDescription(text)).length).toBeLessThanOrEqual(140);
      }),
    );
  });

  it('replace halves of surrogate pairs and line breaks', () => {
    expect(acceptedText('a\ud83db\nc')).toBe('a\ufffdb c');
  });
});

describe('required contexts that no project reports', () => {
  it('are those of the bridge with another project or check, compared without case', () => {
    const required = [
      'ci',
      'reunite (docs): BUILD',
      'Reunite (Docs): links',
      'Reunite (Old): build',
      'Reunite (Docs): x',
    ];
    expect(unreportedContexts(required, ['Docs', 'API'])).toEqual(['Reunite (Old): build', 'Reunite (Docs): x']);
  });
});
