import { describe, expect, it } from '@jest/globals';
import { versionSupport } from './server-versions.rules.js';

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
  ])('takes %s for %s', (version, support) => {
    expect(versionSupport(version)).toBe(support);
  });
});
