import { describe, expect, it } from '@jest/globals';
import { GhesUnsupportedVersionError } from './errors/index.js';
import { capabilities, requireCapability, versionSupport } from './server-versions.rules.js';

describe('versionSupport', () => {
  it.each([
    ['3.11.9', 'too-old'],
    ['2.22.0', 'too-old'],
    ['3.12.0', 'supported'],
    ['enterprise-server@3.17.2', 'supported'],
    ['3.19.0.rc1', 'supported'],
    ['3.20.0', 'newer-than-known'],
    ['4.0.0', 'newer-than-known'],
    [undefined, 'unknown'],
    ['', 'unknown'],
  ])('maps %s to %s', (version, support) => {
    expect(versionSupport(version)).toBe(support);
  });
});

describe('capabilities', () => {
  it('depend on the release, and are assumed if the version is unknown', () => {
    expect([...capabilities('3.13.9')]).toEqual([]);
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
