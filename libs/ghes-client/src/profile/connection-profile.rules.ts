import { createPrivateKey } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import type { ConnectionProfileInput, InputViolation } from '@reunite/contracts';
import type { GhesNetworkOptions } from '../network/ghes-network.js';
import { DEFAULT_NETWORK_LIMITS } from '../network/network-limits.js';
import type { NetworkLimits } from '../network/network-limits.js';
import { describeCertificate, readCertificates } from './certificates.rules.js';

/** Everything that is needed to reach one server, secrets included. An empty text means that there is none. */
export type ConnectionProfile = {
  readonly [Field in keyof ConnectionProfileInput]-?: NonNullable<ConnectionProfileInput[Field]>;
};

export type SecretField = 'clientKey' | 'proxyUsername' | 'proxyPassword' | 'gatewayHeaderValue';

/** The part of a profile that is no secret, and which secrets it has. */
export type StoredProfile = Omit<ConnectionProfile, SecretField> & { readonly hasProxyCredentials: boolean };

/** Headers that belong to the connection itself, to the credential or to the message. */
const RESERVED_HEADERS =
  /^(authorization|host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|content-.*|cookie|set-cookie|accept|accept-encoding|date|via|git-protocol|if-.*|range|x-github-.*|user-agent)$/;
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[!-~](?:[ -~]*[!-~])?$/;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
/** Signing takes time with the cube of the length: 8,192 bits take about 20 ms of the event loop for a handshake. */
const MAX_KEY_BITS = 8_192;
const MEGABYTE = 1024 * 1024;

/** The profile of a connection without one. */
export const DIRECT_PROFILE: ConnectionProfile = {
  caBundle: '',
  pinnedCertificate: '',
  clientCertificate: '',
  clientKey: '',
  proxyUrl: '',
  proxyUsername: '',
  proxyPassword: '',
  noProxy: [],
  gatewayHeaderName: '',
  gatewayHeaderValue: '',
  minTlsVersion: 'TLSv1.2',
  connectTimeoutSeconds: 10,
  requestTimeoutSeconds: 0,
  gitTimeoutSeconds: 0,
  maxPackMegabytes: 0,
};

/**
 * The part of an entered profile that is no secret.
 *
 * @param previous the stored part that the entered profile replaces
 */
export function storedProfile(input: ConnectionProfileInput, previous: StoredProfile | null): StoredProfile {
  const { clientKey: _key, proxyUsername, proxyPassword: _password, gatewayHeaderValue: _value, ...stored } = input;
  const isKept = proxyUsername === undefined && input.proxyUrl !== '' && input.proxyUrl === previous?.proxyUrl;
  const hasProxyCredentials = isKept
    ? previous.hasProxyCredentials
    : proxyUsername !== undefined && proxyUsername !== '';
  return { ...stored, hasProxyCredentials };
}

/** The violations of a complete profile, each with its field and without its values. */
export function profileViolations(profile: ConnectionProfile, now = new Date()): InputViolation[] {
  const violations: readonly (readonly [keyof ConnectionProfile, string | null])[] = [
    ['caBundle', caViolation(profile.caBundle, now)],
    ['pinnedCertificate', certificateViolation(profile.pinnedCertificate, now)],
    ['clientCertificate', certificateViolation(profile.clientCertificate, now)],
    ['clientKey', keyViolation(profile)],
    ['proxyUrl', proxyViolation(profile.proxyUrl)],
    ['gatewayHeaderName', headerNameViolation(profile.gatewayHeaderName)],
    ['gatewayHeaderValue', headerValueViolation(profile)],
  ];
  return violations.flatMap(([path, message]) => (message === null ? [] : [{ path, message }]));
}

/**
 * The options of the network that reaches the server of a profile.
 *
 * @param operator limits of the operator, which a profile can only lower
 */
export function profileNetworkOptions(
  profile: ConnectionProfile,
  operator: Partial<NetworkLimits>,
): GhesNetworkOptions {
  const { clientCertificate: cert, clientKey: key, gatewayHeaderName: name, gatewayHeaderValue: value } = profile;
  return {
    ca: profile.caBundle || undefined,
    pinnedCertificate: profile.pinnedCertificate || undefined,
    clientCertificate: cert === '' ? undefined : { cert, key },
    proxyUrl: proxyWithCredentials(profile),
    noProxy: profile.noProxy,
    gatewayHeader: name === '' ? undefined : { name, value },
    minTlsVersion: profile.minTlsVersion,
    limits: limitsOf(profile, { ...DEFAULT_NETWORK_LIMITS, ...operator }),
  };
}

function limitsOf(profile: ConnectionProfile, operator: NetworkLimits): NetworkLimits {
  // 0 stands for the operator's limit.
  const lower = (limit: number, own: number) => (own === 0 ? limit : Math.min(limit, own));
  return {
    ...operator,
    connectTimeoutMs: profile.connectTimeoutSeconds * 1_000,
    totalTimeoutMs: lower(operator.totalTimeoutMs, profile.requestTimeoutSeconds * 1_000),
    packTimeoutMs: lower(operator.packTimeoutMs, profile.gitTimeoutSeconds * 1_000),
    maxPackBytes: lower(operator.maxPackBytes, profile.maxPackMegabytes * MEGABYTE),
  };
}

function proxyWithCredentials({ proxyUrl, proxyUsername, proxyPassword }: ConnectionProfile): string | undefined {
  if (proxyUrl === '') return undefined;
  const url = new URL(proxyUrl);
  url.username = encodeURIComponent(proxyUsername);
  url.password = encodeURIComponent(proxyPassword);
  return url.href;
}

function caViolation(pem: string, now: Date): string | null {
  const violation = certificateViolation(pem, now);
  if (violation !== null || pem === '') return violation;
  const leaf = (readCertificates(pem) ?? []).find(({ ca }) => !ca);
  if (!leaf) return null;
  return `${labelOf(leaf)} is not a certificate authority: its CA flag is not set. Enter the authority that issued the server’s certificate, or pin the certificate of the server.`;
}

function certificateViolation(pem: string, now: Date): string | null {
  if (pem === '') return null;
  if (PRIVATE_KEY.test(pem)) return 'This contains a private key. Enter certificates only.';
  const certificates = readCertificates(pem);
  if (!certificates) {
    return 'This is not a certificate in PEM. Enter all of it, with its BEGIN CERTIFICATE and END CERTIFICATE lines.';
  }
  const expired = certificates.find((certificate) => new Date(describeCertificate(certificate).validTo) <= now);
  if (!expired) return null;
  return `${labelOf(expired)} expired on ${describeCertificate(expired).validTo.slice(0, 10)}. Enter a valid one.`;
}

function keyViolation({ clientCertificate, clientKey }: ConnectionProfile): string | null {
  if (clientCertificate === '') return null;
  if (clientKey === '') return 'Enter the key of the client certificate.';
  const [certificate] = readCertificates(clientCertificate) ?? [];
  if (!certificate) return null;
  try {
    const key = createPrivateKey(clientKey);
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (bits > MAX_KEY_BITS) return `This key has ${bits} bits; the limit is ${MAX_KEY_BITS}.`;
    if (certificate.checkPrivateKey(key)) return null;
    return 'This key does not belong to the client certificate.';
  } catch {
    if (/ENCRYPTED/.test(clientKey)) return 'This key has a passphrase. Enter it without one.';
    return 'This is not a private key in PEM. Enter all of it, with its BEGIN and END lines.';
  }
}

function proxyViolation(proxyUrl: string): string | null {
  if (proxyUrl === '') return null;
  const url = URL.canParse(proxyUrl) ? new URL(proxyUrl) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    return 'Enter the address of the proxy with http:// or https://, e.g. http://proxy.example.com:3128.';
  }
  if (url.username !== '' || url.password !== '') return 'Enter user name and password in their own fields.';
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') return 'Enter scheme, host and port only.';
  return null;
}

function headerNameViolation(name: string): string | null {
  if (name === '') return null;
  if (!HEADER_NAME.test(name)) return 'A header name has letters, digits and hyphens, e.g. X-Api-Key.';
  if (RESERVED_HEADERS.test(name.toLowerCase())) return `The header ${name} is set by the bridge. Use another one.`;
  return null;
}

function headerValueViolation({ gatewayHeaderName, gatewayHeaderValue }: ConnectionProfile): string | null {
  if (gatewayHeaderName === '') return null;
  if (gatewayHeaderValue === '') return 'Enter the value of the header.';
  return HEADER_VALUE.test(gatewayHeaderValue) ? null : 'A header value has printable ASCII characters only.';
}

function labelOf(certificate: X509Certificate): string {
  const { subject, fingerprint } = describeCertificate(certificate);
  return subject === '' ? `The certificate ${fingerprint.slice(0, 23)}…` : `The certificate ${subject}`;
}
