import { describe, expect, it } from '@jest/globals';
import { growthExponent } from '@reunite/testing';
import { MAX_REDACTED_LENGTH, redact } from './redact.rules.js';

describe('redact', () => {
  it.each([
    ['https://h/_codeload/a.tar.gz?token=SECRET&x=1', 'https://h/_codeload/a.tar.gz?token=[redacted]&x=1'],
    [
      'POST https://h/api/v3/app-manifests/SECRET/conversions',
      'POST https://h/api/v3/app-manifests/[redacted]/conversions',
    ],
    ['refresh_token=SECRET&code_verifier=SECRET', 'refresh_token=[redacted]&code_verifier=[redacted]'],
    ['authorization: Bearer SECRETSECRET', 'authorization: Bearer [redacted]'],
    ['ghs_SECRET and github_pat_SECRET', '[redacted] and [redacted]'],
    ['eyJhbGciOi.eyJSECRET.SECRET!', '[redacted]!'],
    ['http://user:SECRET@proxy:3128', 'http://[redacted]@proxy:3128'],
    ['-----BEGIN RSA PRIVATE KEY-----\nSECRET\n-----END RSA PRIVATE KEY-----', '[redacted]'],
  ])('redacts %j', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it('keeps ordinary text', () => {
    expect(redact('GET https://h/api/v3/repos/acme/docs?per_page=100')).toBe(
      'GET https://h/api/v3/repos/acme/docs?per_page=100',
    );
  });

  it('leaves no part of a credential at the end of a shortened text', () => {
    for (const token of ['ghs_SECRETSECRET', 'eyJhbGciOi.eyJSECRET.SECRET', 'token=SECRETSECRET']) {
      for (let shown = 1; shown < token.length; shown++) {
        const text = `${'.'.repeat(MAX_REDACTED_LENGTH - 1 - shown)} ${token}`;
        expect(redact(text)).not.toContain('S');
      }
    }
  });

  it.each([
    '-eyJ',
    'eyJa.',
    'token ',
    'token=',
    '//',
    '//a',
    '-----BEGIN ',
    '-----END ',
    '/app-manifests/',
    'ghs_',
    ' ',
  ])('attack: a server repeats %j, and redacting takes time linear to it', (prefix) => {
    expect(growthExponent((size) => prefix.repeat(size / prefix.length), redact)).toBeLessThan(1.6);
  });
});
