import { describe, expect, it } from '@jest/globals';
import { DIRECT_DRAFT, newProfileInput, profileInput } from './profile-draft.rules.js';

describe('the draft of a profile', () => {
  it('is null for a server that is reached directly', () => {
    expect(newProfileInput({ ...DIRECT_DRAFT, proxyUrl: ' ' })).toBeNull();
    expect(newProfileInput({ ...DIRECT_DRAFT, minTlsVersion: 'TLSv1.3' })).toMatchObject({ minTlsVersion: 'TLSv1.3' });
  });

  it('omits empty secrets, so that the stored ones stay', () => {
    const input = profileInput({ ...DIRECT_DRAFT, proxyUrl: 'http://proxy:3128', proxyPassword: 'secret' });
    expect(input).toMatchObject({ proxyUrl: 'http://proxy:3128', proxyPassword: 'secret' });
    expect(Object.keys(input)).not.toContain('proxyUsername');
  });

  it('reads hosts from lines or from a list', () => {
    expect(profileInput({ ...DIRECT_DRAFT, noProxy: 'localhost, .example.com\n10.0.0.0/8 ' }).noProxy).toEqual([
      'localhost',
      '.example.com',
      '10.0.0.0/8',
    ]);
  });
});
