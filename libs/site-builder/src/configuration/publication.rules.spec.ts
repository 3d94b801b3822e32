import { describe, expect, it } from '@jest/globals';
import { checkExemptionsOf } from './publication.rules.js';

describe('checkExemptionsOf', () => {
  it('exempts nothing by default, and by values of another type', () => {
    for (const reunite of [
      undefined,
      null,
      'x',
      [],
      { ignoreLint: 'true', ignoreLinkChecker: 1, ignoreMarkdocErrors: {} },
    ]) {
      const exempt = checkExemptionsOf({ reunite });
      expect([exempt.links, exempt.markdoc, exempt.lint, exempt.isLintExempt('a.yaml')]).toEqual([
        false,
        false,
        false,
        false,
      ]);
    }
  });

  it('exempts whole checks', () => {
    const reunite = { ignoreLint: true, ignoreLinkChecker: true, ignoreMarkdocErrors: true };
    const exempt = checkExemptionsOf({ reunite });
    expect([exempt.links, exempt.markdoc, exempt.lint, exempt.isLintExempt('a.yaml')]).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it('exempts files from the lint by globs', () => {
    const { lint, isLintExempt } = checkExemptionsOf({
      reunite: { ignoreLint: { 'old/**': true, 'a.yaml': true, 'b.yaml': false } },
    });
    expect([lint, ...['old/x/y.yaml', 'a.yaml', 'b.yaml', 'new/a.yaml'].map(isLintExempt)]).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });
});
