import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@reunite/contracts';
import { newFindings } from './new-findings.rules.js';

const finding = (message: string, change: Partial<Finding> = {}): Finding => ({
  ...{ severity: 'error', rule: 'link-broken', message, file: 'index.md', line: 1, column: 1 },
  ...change,
});

describe('new findings', () => {
  it('are those that production does not have, wherever they stand in the file', () => {
    const head = [finding('a', { line: 9 }), finding('b'), finding('a', { file: 'other.md' })];
    expect(newFindings(head, [finding('a')])).toEqual([false, true, true]);
  });

  it('are those that occur more often than in production', () => {
    expect(newFindings([finding('a'), finding('a'), finding('a')], [finding('a'), finding('a')])).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('include a warning that became an error', () => {
    expect(newFindings([finding('a')], [finding('a', { severity: 'warning' })])).toEqual([true]);
  });
});
