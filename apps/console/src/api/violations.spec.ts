import { describe, expect, it } from '@jest/globals';
import { violationAt, violationsOf } from './violations.js';
import { readProblem } from './read-problem.js';

function rejected(...violations: { path: string; message: string }[]): Error {
  const problem = {
    type: 'x',
    title: 'Invalid',
    status: 422,
    code: 'invalid-input',
    detail: 'No.',
    violations,
  };
  return readProblem(422, JSON.stringify(problem));
}

describe('the violations of a rejected form', () => {
  it('are found at their field in every notation of the path', () => {
    for (const path of ['serverUrl', '/serverUrl', 'body.serverUrl', '/body/serverUrl']) {
      expect(violationAt(violationsOf(rejected({ path, message: 'Not an address.' })), 'serverUrl')).toBe(
        'Not an address.',
      );
    }
  });

  it('of a nested value are shown at its field', () => {
    const violations = violationsOf(rejected({ path: 'branchPreviews.patterns.0', message: 'Too long.' }));
    expect(violationAt(violations, 'branchPreviews')).toBe('Too long.');
    expect(violationAt(violations, 'branch')).toBeUndefined();
  });

  it('are empty for any other error', () => {
    expect(violationsOf(new Error('x'))).toEqual([]);
    expect(violationsOf(undefined)).toEqual([]);
  });
});
