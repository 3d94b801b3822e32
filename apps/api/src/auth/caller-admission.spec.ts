import { describe, expect, it } from '@jest/globals';
import { EndedSessions } from '@reunite/database';
import { RateLimits } from '../limits/rate-limits.js';
import { CallerAdmission } from './caller-admission.js';
import type { Caller } from './caller.js';

/** Verifies each token as one of ada's, of the session that it names. */
const tokens = {
  verify: (token: string): Promise<Caller> =>
    Promise.resolve({
      subject: 'ada',
      name: 'Ada',
      organizationId: 'org_acme',
      organizationName: 'Acme',
      roles: ['owner'],
      sessionId: token,
      expiresAt: new Date(Date.now() + 60_000),
    }),
};

/** @param endedElsewhere the session that another replica has ended */
function testAdmission(endedElsewhere = '') {
  const statements: string[] = [];
  const query = (sql: string, [id]: readonly unknown[] = []) => {
    statements.push(sql);
    return Promise.resolve(id === endedElsewhere ? [{}] : []);
  };
  const rates = new RateLimits({ callerPerMinute: 3, organizationPerMinute: 100 }, null);
  const sut = new CallerAdmission(
    tokens,
    rates,
    new EndedSessions({ query } as ConstructorParameters<typeof EndedSessions>[0]),
  );
  return { sut, writes: () => statements.filter((sql) => !sql.startsWith('SELECT 1 ')).length };
}

describe('ending a session', () => {
  it('attack: signing out again and again writes once, and leaves the caller its requests', async () => {
    const { sut, writes } = testAdmission();
    await sut.endSession('stolen');
    const first = writes();
    expect(first).toBeGreaterThan(0);
    for (let i = 0; i < 20; i += 1) expect(await sut.endSession('stolen')).toMatchObject({ sessionId: 'stolen' });
    expect(writes()).toBe(first);
    expect(await sut.admit('another', 'owner')).toMatchObject({ sessionId: 'another' });
  });

  it('attack: signing out of a session that another replica ended writes nothing', async () => {
    const { sut, writes } = testAdmission('ended');
    await sut.endSession('ended');
    expect(writes()).toBe(0);
  });

  it('attack: a caller that signs out of many sessions meets its rate limit', async () => {
    const { sut, writes } = testAdmission();
    for (const session of ['1', '2', '3']) await sut.endSession(session);
    const before = writes();
    await expect(sut.endSession('4')).rejects.toMatchObject({ code: 'rate-limited' });
    expect(writes()).toBe(before);
  });
});
