import { describe, expect, it } from '@jest/globals';
import { isInTime, refuseUnknown } from './for-person.js';
import { OutcomeUnknownError } from './outcome-unknown.error.js';
import { TooLateError } from './too-late.error.js';

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

describe('a write that a person asked for', () => {
  it('is done while they wait, also again', () => {
    expect(isInTime({ deadline: inMs(60_000), isRerun: false })).toBe(true);
    expect(isInTime({ deadline: inMs(60_000), isRerun: true })).toBe(true);
  });

  it('is called not done where no run began it, and unknown where one did', async () => {
    expect(() => isInTime({ deadline: inMs(-1), isRerun: false })).toThrow(TooLateError);
    expect(isInTime({ deadline: inMs(-1), isRerun: true })).toBe(false);
    await expect(refuseUnknown()).rejects.toThrow(OutcomeUnknownError);
  });
});
