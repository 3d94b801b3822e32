import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import type { CryptoKey, JWTPayload } from 'jose';
import { TokenVerifier } from './token-verifier.js';

const expected = { issuer: 'https://id.example.com', audience: 'reunite', maxLifetimeSeconds: 900 };
const claims = { sub: 'u1', iss: expected.issuer, aud: expected.audience, org: 'org_a', roles: ['admin', 'invented'] };

describe('a token', () => {
  let key: CryptoKey;
  let stranger: CryptoKey;
  let sut: TokenVerifier;

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256');
    key = pair.privateKey;
    stranger = (await generateKeyPair('ES256')).privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' };
    sut = new TokenVerifier(createLocalJWKSet({ keys: [jwk] }), expected);
  });

  const soon = () => Math.floor(Date.now() / 1_000) + 60;
  const sign = (payload: JWTPayload, by = key) =>
    new SignJWT({ exp: soon(), ...payload }).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(by);

  it('returns the caller, the organization and the supported roles', async () => {
    const exp = soon();
    expect(await sut.verify(await sign({ ...claims, exp, jti: 'token-1', name: 'Ada', org_name: 'A' }))).toEqual({
      subject: 'u1',
      name: 'Ada',
      organizationId: 'org_a',
      organizationName: 'A',
      roles: ['admin'],
      sessionId: 'token-1',
      expiresAt: new Date(exp * 1_000),
    });
  });

  it.each([
    ['of another issuer', { ...claims, iss: 'https://evil.example' }],
    ['for another audience', { ...claims, aud: 'other' }],
    ['that has ended', { ...claims, exp: soon() - 120 }],
    ['that is not good yet', { ...claims, nbf: soon() }],
    ['without an organization', { ...claims, org: undefined }],
    ['without a subject', { ...claims, sub: undefined }],
    ['without roles', { ...claims, roles: undefined }],
  ])('%s is rejected', async (_name, payload: Record<string, unknown>) => {
    await expect(sut.verify(await sign(payload))).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('attack: that lives longer than allowed is rejected, whatever its time of issue', async () => {
    const now = soon() - 60;
    for (const payload of [
      { exp: now + 910 },
      { iat: now - 600, exp: now + 310 },
      { iat: now + 80_000, exp: now + 80_060 },
    ]) {
      await expect(sut.verify(await sign({ ...claims, ...payload }))).rejects.toMatchObject({
        code: 'unauthenticated',
        message: expect.stringContaining('900 seconds'),
      });
    }
    expect(await sut.verify(await sign({ ...claims, iat: now, exp: now + 900 }))).toMatchObject({ subject: 'u1' });
  });

  it('by another key, without a signature, or malformed, is rejected', async () => {
    const unsigned = new UnsecuredJWT({ ...claims, exp: soon() }).encode();
    for (const token of [await sign(claims, stranger), unsigned, 'x', '']) {
      await expect(sut.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
    }
  });

  it('cannot be verified while the keys are unavailable, which is reported as an error of the server', async () => {
    const away = new TokenVerifier(() => Promise.reject(new TypeError('fetch failed')), expected);
    await expect(away.verify(await sign(claims))).rejects.toMatchObject({
      code: 'sign-in-unavailable',
      retryable: true,
    });
  });
});
