import { createPrivateKey, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ConnectionProfileInput } from '@reunite/contracts';
import { privateAuthority, selfSigned } from '../../test/certificates.js';
import { DIRECT_PROFILE, profileNetworkOptions, profileViolations, storedProfile } from './connection-profile.rules.js';
import type { ConnectionProfile } from './connection-profile.rules.js';

const at = (profile: Partial<ConnectionProfile>, now = new Date()) =>
  profileViolations({ ...DIRECT_PROFILE, ...profile }, now).map(({ path, message }) => `${path}: ${message}`);

describe('the violations of a profile', () => {
  let ca: string;
  let client: { cert: string; key: string };
  let other: { cert: string; key: string };
  beforeAll(async () => {
    const authority = await privateAuthority();
    ca = authority.ca;
    client = await authority.issue('client');
    other = await selfSigned('other.example.com');
  });

  it('has none for a direct connection, an authority, and a client certificate with its key', () => {
    expect(at({})).toEqual([]);
    expect(at({ caBundle: `# Acme\n${ca}\n${ca}`, clientCertificate: client.cert, clientKey: client.key })).toEqual([]);
    expect(at({ pinnedCertificate: other.cert })).toEqual([]);
  });

  it.each(['hello', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', '-----BEGIN CERTIFICATE-----'])(
    'reports a text that is not a certificate: %s',
    (caBundle) => {
      expect(at({ caBundle })).toEqual([expect.stringMatching(/^caBundle: This is not a certificate in PEM\./)]);
    },
  );

  it('reports a certificate of a server that is not an authority', () => {
    const [violation] = at({ caBundle: other.cert });
    expect(violation).toMatch(/^caBundle: The certificate CN=other\.example\.com is not a certificate authority/);
  });

  it('reports the certificate that has expired, and when', () => {
    const [violation] = at({ caBundle: ca }, new Date(Date.now() + 86_400_000));
    expect(violation).toMatch(/^caBundle: The certificate CN=Private Authority expired on \d{4}-\d\d-\d\d\./);
  });

  it('rejects a private key among certificates without repeating it', () => {
    const [violation] = at({ caBundle: `${ca}${client.key}` });
    expect(violation).toBe('caBundle: This contains a private key. Enter certificates only.');
  });

  it('reports a key that does not fit, is missing, or is no key', () => {
    const clientCertificate = client.cert;
    expect(at({ clientCertificate, clientKey: other.key })).toEqual([
      'clientKey: This key does not belong to the client certificate.',
    ]);
    expect(at({ clientCertificate })).toEqual(['clientKey: Enter the key of the client certificate.']);
    expect(at({ clientCertificate, clientKey: 'hello' })).toEqual([
      expect.stringMatching(/^clientKey: This is not a private key in PEM\./),
    ]);
  });

  it('attack: a key that takes a second to sign each handshake is rejected', () => {
    // No real key, because generating one takes minutes; signing with it takes as long.
    const large = (bits: number) => {
      const bytes = randomBytes(bits / 8);
      bytes[0] = 0xff;
      bytes[bytes.length - 1] = 0xff;
      return bytes.toString('base64url');
    };
    const half = () => large(8_192);
    const factors = { p: half(), q: half(), dp: half(), dq: half(), qi: half() };
    const jwk = { kty: 'RSA', n: large(16_384), e: 'AQAB', d: large(16_384), ...factors };
    const clientKey = createPrivateKey({ key: jwk, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(clientKey.length).toBeLessThan(16_384);
    expect(at({ clientCertificate: client.cert, clientKey })).toEqual([
      'clientKey: This key has 16384 bits; the limit is 8192.',
    ]);
  });

  it.each(['proxy.example.com:3128', 'socks5://proxy.example.com', 'http://me:pass@proxy.example.com', 'http://a/b'])(
    'rejects %s as a proxy',
    (proxyUrl) => {
      expect(at({ proxyUrl })).toEqual([expect.stringMatching(/^proxyUrl: Enter /)]);
    },
  );

  it.each(['Authorization', 'HOST', 'proxy-authorization', 'Transfer-Encoding', 'content-length', 'x-github-token'])(
    'attack: the gateway header is not %s',
    (gatewayHeaderName) => {
      expect(at({ gatewayHeaderName, gatewayHeaderValue: 'x' })).toEqual([
        `gatewayHeaderName: The header ${gatewayHeaderName} is set by the bridge. Use another one.`,
      ]);
    },
  );

  it('attack: a header value cannot start another header', () => {
    expect(at({ gatewayHeaderName: 'X-Key', gatewayHeaderValue: 'a\r\nauthorization: b' })).toEqual([
      'gatewayHeaderValue: A header value has printable ASCII characters only.',
    ]);
    expect(at({ gatewayHeaderName: 'X Key', gatewayHeaderValue: 'a' })).toHaveLength(1);
  });
});

describe('a changed profile', () => {
  const {
    clientKey: _key,
    proxyUsername: _user,
    proxyPassword: _password,
    gatewayHeaderValue: _value,
    ...rest
  } = DIRECT_PROFILE;
  const input: ConnectionProfileInput = {
    ...rest,
    noProxy: [],
    clientCertificate: 'certificate',
    proxyUrl: 'http://proxy.example.com',
    gatewayHeaderName: 'X-Key',
  };
  const secrets = { clientKey: 'k', proxyUsername: 'u', proxyPassword: 'p', gatewayHeaderValue: 'v' };
  const stored: ConnectionProfile = { ...input, ...secrets };

  it('stores no secret, only whether the proxy has credentials', () => {
    const before = storedProfile({ ...input, ...secrets }, null);
    expect(JSON.stringify(before)).not.toMatch(/"[kupv]"/);
    expect(before.hasProxyCredentials).toBe(true);
    expect(storedProfile(input, before).hasProxyCredentials).toBe(true);
    expect(storedProfile({ ...input, proxyUrl: 'http://other' }, before).hasProxyCredentials).toBe(false);
  });

  it('can only lower the limits of the operator', () => {
    const limits = (own: Partial<ConnectionProfile>) =>
      profileNetworkOptions({ ...DIRECT_PROFILE, ...own }, { totalTimeoutMs: 30_000 }).limits?.totalTimeoutMs;
    expect([0, 10, 600].map((requestTimeoutSeconds) => limits({ requestTimeoutSeconds }))).toEqual([
      30_000, 10_000, 30_000,
    ]);
  });

  it('puts the credentials of the proxy into its URL, whatever characters they have', () => {
    const { proxyUrl } = profileNetworkOptions({ ...stored, proxyUsername: 'a:b@c', proxyPassword: 'p/?#' }, {});
    expect(proxyUrl).toBe('http://a%3Ab%40c:p%2F%3F%23@proxy.example.com/');
  });
});
