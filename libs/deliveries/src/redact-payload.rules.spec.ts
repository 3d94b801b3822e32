import { describe, expect, it } from '@jest/globals';
import { readablePayload } from './redact-payload.rules.js';

describe('readablePayload', () => {
  it('replaces the values of secret fields at any depth, and keeps the others', () => {
    const payload = {
      hook: { config: { url: 'https://us/x', secret: 's3cr3t' }, app: [{ client_secret: 'c', pem: 'p' }] },
      access_tokens_url: 'https://ghes/tokens',
      token: 't',
      ref: 'refs/heads/main',
    };
    expect(JSON.parse(readablePayload(JSON.stringify(payload)))).toEqual({
      hook: {
        config: { url: 'https://us/x', secret: '[redacted]' },
        app: [{ client_secret: '[redacted]', pem: '[redacted]' }],
      },
      access_tokens_url: 'https://ghes/tokens',
      token: '[redacted]',
      ref: 'refs/heads/main',
    });
  });

  it.each([
    ['in a list', '{"tokens":["a","b"]}', '"a"'],
    ['in any field', '{"body":"use ghs_0123456789abcdef"}', 'ghs_'],
    ['as a key', '{"text":"-----BEGIN RSA PRIVATE KEY-----\\nMII"}', 'MII'],
    ['beside deep nesting', `{"secret":"s3cr3t","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 's3cr3t'],
  ])('attack: a secret %s is not shown', (_, payload, secret) => {
    const shown = readablePayload(payload);
    expect(shown).toContain('[redacted]');
    expect(shown).not.toContain(secret);
  });

  it('indents JSON, and returns other texts unchanged', () => {
    expect(readablePayload('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(readablePayload('{"a":')).toBe('{"a":');
  });
});
