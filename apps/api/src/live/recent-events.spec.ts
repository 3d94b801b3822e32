import { describe, expect, it, jest } from '@jest/globals';
import { RecentEvents } from './recent-events.js';

describe('the recent events', () => {
  const event = (id: string, organizationId = 'org_a') => ({
    id,
    organizationId,
    event: { type: 'project' as const, id: `prj_${id}` },
  });
  const ids = (events: { id: string }[] | null) => events?.map(({ id }) => id) ?? null;

  it('are those of the organization after an id, also after one of another organization', () => {
    const recent = new RecentEvents(5_000);
    const start = recent.lastId();
    for (const one of [event('1'), event('2', 'org_b'), event('3')]) recent.add(one);
    expect(recent.lastId()).toBe('3');
    expect(ids(recent.after('1', 'org_a'))).toEqual(['3']);
    expect(ids(recent.after('2', 'org_a'))).toEqual(['3']);
    expect(ids(recent.after(start, 'org_a'))).toEqual(['1', '3']);
    expect(ids(recent.after('3', 'org_a'))).toEqual([]);
  });

  it('are unknown for an id that is not kept, or after events may have been lost', () => {
    const recent = new RecentEvents(5_000);
    const start = recent.lastId();
    for (let id = 0; id < 10_000; id++) recent.add(event(String(id)));
    expect(recent.after('17', 'org_a')).toBeNull();
    expect(recent.after(start, 'org_a')).toBeNull();
    expect(recent.after('9998', 'org_a')).toHaveLength(1);
    recent.clear();
    expect(recent.after('9998', 'org_a')).toBeNull();
  });

  it('are those since a client began to read, if all of them are kept', () => {
    jest.useFakeTimers({ now: 0 });
    try {
      const recent = new RecentEvents(2);
      recent.add(event('1'));
      expect(recent.within(1_000, 'org_a')).toBeNull();
      jest.setSystemTime(60_000);
      recent.add(event('2'));
      expect(ids(recent.within(1_000, 'org_a'))).toEqual(['2']);
      expect(ids(recent.within(1_000, 'org_b'))).toEqual([]);
      jest.setSystemTime(100_000);
      for (const id of ['3', '4']) recent.add(event(id));
      expect(ids(recent.within(1_000, 'org_a'))).toEqual(['3', '4']);
      expect(recent.within(45_000, 'org_a')).toBeNull();
    } finally {
      jest.useRealTimers();
    }
  });
});
