import { describe, expect, it } from '@jest/globals';
import type { ConnectionProfileInput } from '@reunite/contracts';
import { DIRECT_PROFILE } from './connection-profile.rules.js';
import type { ConnectionProfile } from './connection-profile.rules.js';
import { completeProfile, storedSecretViolations } from './stored-secrets.rules.js';

const {
  clientKey: _key,
  proxyUsername: _user,
  proxyPassword: _password,
  gatewayHeaderValue: _value,
  ...rest
} = DIRECT_PROFILE;
const direct: ConnectionProfileInput = { ...rest, noProxy: [] };
const input: ConnectionProfileInput = {
  ...direct,
  caBundle: 'authority\nof Acme',
  clientCertificate: 'certificate',
  proxyUrl: 'http://proxy.example.com',
  gatewayHeaderName: 'X-Key',
};
const secrets = { clientKey: 'k', proxyUsername: 'u', proxyPassword: 'p', gatewayHeaderValue: 'v' };
const stored: ConnectionProfile = { ...input, ...secrets };
const throughTls = { proxyUrl: 'https://proxy.example.com' };

const complete = (changed: Partial<ConnectionProfileInput>, before = stored) => {
  const entered = { ...input, ...changed };
  return { profile: completeProfile(entered, before), violations: storedSecretViolations(entered, before) };
};
const fieldsOf = (violations: readonly { readonly path: string }[]) => violations.map(({ path }) => path);

describe('the stored secrets of a changed profile', () => {
  it('are kept if they are omitted, and dropped with what they belong to', () => {
    expect(complete({})).toEqual({ profile: stored, violations: [] });
    expect(complete({ ...direct })).toMatchObject({ violations: [] });
    expect(completeProfile(direct, stored)).toEqual(DIRECT_PROFILE);
  });

  it('are kept if limits or line breaks change, and if certificates or the proxy are removed', () => {
    const changed = { connectTimeoutSeconds: 5, caBundle: 'authority\r\nof Acme', gatewayHeaderName: 'x-key' };
    expect(complete(changed)).toMatchObject({ profile: secrets, violations: [] });
    expect(complete({ caBundle: '' })).toMatchObject({ profile: secrets, violations: [] });
    expect(complete({ proxyUrl: '' })).toMatchObject({ profile: { gatewayHeaderValue: 'v' }, violations: [] });
  });

  it('attack: a stored secret is not sent to another proxy or as another header', () => {
    const changed = { clientCertificate: 'other', proxyUrl: 'http://attacker.example', gatewayHeaderName: 'X-Other' };
    const { profile, violations } = complete(changed);
    expect(profile).toMatchObject({ clientKey: '', proxyUsername: '', proxyPassword: '', gatewayHeaderValue: '' });
    expect(fieldsOf(violations)).toEqual(['gatewayHeaderValue']);
  });

  it.each<Partial<ConnectionProfileInput>>([
    { caBundle: 'authority of the attacker' },
    { pinnedCertificate: 'certificate of the attacker' },
    { proxyUrl: 'http://attacker.example' },
    { caBundle: 'authority of the attacker', proxyUrl: 'http://attacker.example' },
    { gatewayHeaderName: 'X-Other' },
  ])('attack: the stored gateway header is not sent after the change %j', (changed) => {
    const { profile, violations } = complete(changed);
    expect(profile.gatewayHeaderValue).toBe('');
    expect(fieldsOf(violations)).toEqual(['gatewayHeaderValue']);
    expect(JSON.stringify(violations)).toContain('Enter the value of the header again');
    const entered = complete({ ...changed, gatewayHeaderValue: 'again' });
    expect(entered).toMatchObject({ profile: { gatewayHeaderValue: 'again' }, violations: [] });
  });

  it('attack: stored credentials are not sent to a proxy with a certificate of another authority', () => {
    const before = { ...stored, ...throughTls, gatewayHeaderName: '', gatewayHeaderValue: '' };
    const { profile, violations } = complete(
      { ...throughTls, gatewayHeaderName: '', caBundle: 'authority of the attacker' },
      before,
    );
    expect(profile).toMatchObject({ proxyUsername: '', proxyPassword: '', clientKey: 'k' });
    expect(fieldsOf(violations)).toEqual(['proxyUsername', 'proxyPassword']);
  });
});
