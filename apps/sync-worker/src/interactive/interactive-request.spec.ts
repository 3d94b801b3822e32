import { describe, expect, it } from '@jest/globals';
import { failAsUnknown, isBeforeDeadline } from './interactive-request.js';
import { OutcomeUnknownError } from './outcome-unknown.error.js';
import { TooLateError } from './too-late.error.js';

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

describe('an interactive write', () => {
  it('runs and reruns before its deadline', () => {
    expect(isBeforeDeadline({ deadline: inMs(60_000), isRerun: false })).toBe(true);
    expect(isBeforeDeadline({ deadline: inMs(60_000), isRerun: true })).toBe(true);
  });

  it('fails as too late if no run has begun it, and as unknown otherwise', async () => {
    expect(() => isBeforeDeadline({ deadline: inMs(-1), isRerun: false })).toThrow(TooLateError);
    expect(isBeforeDeadline({ deadline: inMs(-1), isRerun: true })).toBe(false);
    await expect(failAsUnknown()).rejects.toThrow(OutcomeUnknownError);
  });
});
