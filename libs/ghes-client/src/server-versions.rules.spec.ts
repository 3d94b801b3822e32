import { describe, expect, it } from '@jest/globals';
import { GhesUnsupportedVersionError } from './errors/index.js';
import { capabilities, requireCapability, supportOf } from './server-versions.rules.js';

describe('capabilities', () => {
  it('depend on the release, and are assumed if the version is unknown', () => {
    expect([...capabilities('3.13.9')]).toEqual([]);
    expect([...capabilities('enterprise-server@3.14.0.rc1')]).toEqual(['moveRefFromExpected']);
    expect([...capabilities('3.16.9')]).toEqual(['moveRefFromExpected']);
    expect(capabilities('3.17.0').has('filterDeliveriesByStatus')).toBe(true);
    expect(capabilities('3.25.0').has('filterDeliveriesByStatus')).toBe(true);
    expect(capabilities(undefined).has('filterDeliveriesByStatus')).toBe(true);
  });

  it('are required by an error that names the first release with them', () => {
    expect(() => requireCapability('3.18.1', 'filterDeliveriesByStatus')).not.toThrow();
    expect(() => requireCapability('3.12.4', 'filterDeliveriesByStatus')).toThrow(GhesUnsupportedVersionError);
    expect(() => requireCapability('3.12.4', 'filterDeliveriesByStatus')).toThrow(/3\.12\.4 cannot .* 3\.17 and later/);
  });
});

describe('the support of a release', () => {
  const on = (day: string) => new Date(`${day}T12:00:00Z`);
  it.each([
    ['3.19.4', '2026-12-09', { support: 'supported', ends: '2026-12-09' }],
    ['3.19.4', '2026-12-10', { support: 'out-of-support', ends: '2026-12-09' }],
    ['3.22.0', '2026-12-10', { support: 'supported', ends: null }],
    ['3.11.9', '2026-12-10', { support: 'too-old', ends: null }],
    ['3.40.0', '2026-12-10', { support: 'newer-than-known', ends: null }],
    [undefined, '2026-12-10', { support: 'unknown', ends: null }],
  ])('%s on %s', (version, day, expected) => {
    expect(supportOf(version, on(day))).toEqual(expected);
  });
});
