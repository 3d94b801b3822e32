import { beforeEach, describe, expect, it } from '@jest/globals';
import { ConnectionBreaker } from './connection-breaker.js';
import { FairShares } from './fair-shares.js';
import type { Admission, JobOwner } from './fair-shares.js';

const SETTINGS = { perConnection: 4, perOrganization: 5, slow: 3, slowAfterMs: 1_000 };

const owner = (connectionId: string, organizationId = `org of ${connectionId}`, proven = true): JobOwner => ({
  connectionId,
  organizationId,
  proven,
});

function admitted(admission: Admission): boolean {
  return 'release' in admission;
}

function deferral(admission: Admission): number {
  if ('release' in admission) throw new Error('admitted');
  return admission.until.getTime();
}

describe('the shares of a queue', () => {
  let breaker: ConnectionBreaker;
  let shares: FairShares;
  const admit = (one: JobOwner, times: number, now = 0) =>
    Array.from({ length: times }, () => shares.admit(one, now)).filter(admitted).length;

  beforeEach(() => {
    breaker = new ConnectionBreaker();
    shares = new FairShares(SETTINGS, breaker);
  });

  it('limit a connection, and free its slot when a job ends', () => {
    const first = shares.admit(owner('a'), 0);
    expect(admit(owner('a'), 9)).toBe(3);
    if ('release' in first) first.release();
    expect(admit(owner('a'), 9)).toBe(1);
  });

  it('limit an organization, however many connections it has', () => {
    expect(admit(owner('a', 'acme'), 9) + admit(owner('b', 'acme'), 9)).toBe(5);
    expect(admit(owner('c', 'globex'), 1)).toBe(1);
  });

  it('leave one slot to a connection whose job takes long, until it ends', () => {
    const running = shares.admit(owner('a'), 0);
    expect(admit(owner('a'), 1, 1_001)).toBe(0);
    if ('release' in running) running.release();
    expect(admit(owner('a'), 9, 1_002)).toBe(4);
  });

  it('attack: any number of silent servers leave slots to the others', () => {
    const silent = Array.from({ length: 50 }, (_, index) => owner(`silent ${index}`, undefined, false));
    expect(silent.filter((one) => admit(one, 1) === 1)).toHaveLength(SETTINGS.slow);
    expect(admit(owner('honest'), 9)).toBe(4);
  });

  it('attack: a connection that failed is slow until its server answers', () => {
    breaker.recordFailure('a', 0);
    expect(admit(owner('a'), 9)).toBe(1);
    breaker.recordSuccess('a');
    expect(admit(owner('a'), 9)).toBe(3);
  });

  it('let deferred jobs of one connection return one after the other', () => {
    admit(owner('a'), 4);
    const times = Array.from({ length: 5 }, () => deferral(shares.admit(owner('a'), 0)));
    expect(new Set(times).size).toBe(5);
    expect(Math.min(...times)).toBe(100);
  });

  it('defer jobs of a connection whose breaker is open until it closes', () => {
    for (let failure = 0; failure < 3; failure += 1) breaker.recordFailure('a', 0);
    expect(deferral(shares.admit(owner('a'), 0))).toBe(5_000);
    expect(admit(owner('a'), 1, 5_000)).toBe(1);
  });
});

describe('the circuit breaker', () => {
  it('pauses longer with each failed probe, up to the limit, and starts over after a success', () => {
    const breaker = new ConnectionBreaker({ failuresToOpen: 2, pauseMs: 100, longestPauseMs: 300 });
    const pauses = [1, 2, 3, 4, 5].map(() => {
      breaker.recordFailure('a', 0);
      return breaker.openUntil('a', 0)?.until.getTime() ?? 0;
    });
    expect(pauses).toEqual([0, 100, 200, 300, 300]);
    breaker.recordSuccess('a');
    expect(breaker.isFailing('a')).toBe(false);
  });
});
