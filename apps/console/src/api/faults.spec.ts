import { describe, expect, it } from '@jest/globals';
import { faultAt, faultsOf } from './faults.js';
import { readProblem } from './read-problem.js';

function refused(...faults: { path: string; message: string }[]): Error {
  const problem = { type: 'x', title: 'Invalid', status: 422, code: 'invalid-input', detail: 'No.', faults };
  return readProblem(422, JSON.stringify(problem));
}

describe('the faults of a refused form', () => {
  it('are found at their field, however the path is written', () => {
    for (const path of ['serverUrl', '/serverUrl', 'body.serverUrl', '/body/serverUrl']) {
      expect(faultAt(faultsOf(refused({ path, message: 'Not an address.' })), 'serverUrl')).toBe('Not an address.');
    }
  });

  it('of a part are shown at the whole', () => {
    const faults = faultsOf(refused({ path: 'branchPreviews.patterns.0', message: 'Too long.' }));
    expect(faultAt(faults, 'branchPreviews')).toBe('Too long.');
    expect(faultAt(faults, 'branch')).toBeUndefined();
  });

  it('are none for any other error', () => {
    expect(faultsOf(new Error('x'))).toEqual([]);
    expect(faultsOf(undefined)).toEqual([]);
  });
});
