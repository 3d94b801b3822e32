import { z } from 'zod';
import { doc } from './fields.js';
import { line } from './line.js';
import { timestamp } from './timestamp.js';

/** About 40 certificates. A profile has to fit into one message to the vault. */
const MAX_PEM = 65_536;
const MAX_SECRET = 16_384;

const certificates = (what: string) =>
  z
    .string()
    .trim()
    .max(MAX_PEM, `The ${what} is too long: at most 64 KB, about 40 certificates.`)
    .default('')
    .meta(doc('PEM; empty for none', ''));
const secret = (text: string, example: string) =>
  z
    .string()
    .max(MAX_SECRET)
    .exactOptional()
    .meta({
      ...doc(
        `${text} Omitted: the stored one stays, unless the change could show it to others. Never returned`,
        example,
      ),
      writeOnly: true,
    });
const bounded = (min: number, max: number, preset: number, unit: string) =>
  z
    .int(`Enter a whole number of ${unit}.`)
    .min(min, `At least ${min} ${unit}.`)
    .max(max, `At most ${max} ${unit}.`)
    .default(preset);

/** A limit that lowers the operator's. */
const lowered = (what: string, max: number, unit: string) =>
  bounded(0, max, 0, unit).meta(
    doc(`${what}, in ${unit}; 0, or more than the operator allows: the operator’s limit`, 0),
  );

const minTlsVersions = ['TLSv1.2', 'TLSv1.3'] as const;

/**
 * Describes how vault and workers reach the server of a connection. Default: directly, trusting the public authorities.
 */
export const connectionProfileSchema = z
  .object({
    caBundle: certificates('bundle').meta(
      doc('Certificate authorities in PEM that are trusted in addition to the public ones', ''),
    ),
    pinnedCertificate: certificates('certificate').meta(
      doc('Certificate of the server in PEM that is trusted as it is; for a self-signed server', ''),
    ),
    clientCertificate: certificates('certificate').meta(
      doc('Client certificate for mutual TLS with its chain, in PEM', ''),
    ),
    clientKey: secret(
      'Key of the client certificate in PEM, without a passphrase.',
      '-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----',
    ),
    proxyUrl: z
      .string()
      .trim()
      .max(300)
      .default('')
      .meta(doc('HTTP proxy that supports CONNECT; empty for none', 'http://proxy.example.com:3128')),
    proxyUsername: secret('User name at the proxy.', 'reunite'),
    proxyPassword: secret('Password at the proxy.', 'correct horse battery staple'),
    noProxy: z
      .array(line.trim().min(1).max(255))
      .max(100, 'At most 100 hosts.')
      .default([])
      .meta(doc('Hosts, domains, addresses and CIDR ranges that are reached without the proxy', ['10.0.0.0/8'])),
    gatewayHeaderName: z
      .string()
      .trim()
      .max(64, 'A header name has at most 64 characters.')
      .default('')
      .meta(doc('Header that a gateway in front of the server requires; empty for none', 'x-gateway-key')),
    gatewayHeaderValue: secret('Value of the header.', 'correct horse battery staple'),
    minTlsVersion: z.enum(minTlsVersions).default('TLSv1.2').meta(doc('Lowest version of TLS')),
    connectTimeoutSeconds: bounded(1, 60, 10, 'seconds').meta(doc('Longest time to open a connection, in seconds', 10)),
    requestTimeoutSeconds: lowered('Longest time of a request', 600, 'seconds'),
    gitTimeoutSeconds: lowered('Longest time of a git operation', 3_600, 'seconds'),
    maxPackMegabytes: lowered('Largest pack of git objects', 65_536, 'megabytes'),
  })
  .meta({
    id: 'ConnectionProfileInput',
    description: 'How the server of a connection is reached, as a caller enters it',
  });
/** As a caller enters it; an omitted secret keeps its stored value. */
export type ConnectionProfileInput = z.output<typeof connectionProfileSchema>;

const certificateSchema = z
  .object({
    subject: z.string().meta(doc('Subject', 'CN=ghes.example.com')),
    issuer: z.string().meta(doc('Issuer', 'CN=Example Root CA')),
    fingerprint: z
      .string()
      .meta(
        doc(
          'SHA-256 of the certificate, as pairs of hexadecimal digits',
          Array.from({ length: 32 }, () => 'A7').join(':'),
        ),
      ),
    validFrom: timestamp.meta(doc('Begin of its validity')),
    validTo: timestamp.meta(doc('End of its validity')),
    daysLeft: z.int().meta(doc('Days until it expires; negative after that', 82)),
  })
  .meta({ id: 'Certificate', description: 'An X.509 certificate' });
export type Certificate = z.output<typeof certificateSchema>;

/** A stored profile, without its secrets. */
export const connectionProfileViewSchema = z
  .object({
    version: z.int().meta(doc('Number of times that it was changed; 0 if there is none', 3)),
    caBundle: z.string().meta(doc('Certificate authorities in PEM; empty for none', '')),
    caCertificates: z.array(certificateSchema).meta(doc('Certificates of `caBundle`')),
    pinnedCertificate: z.string().meta(doc('Pinned certificate in PEM; empty for none', '')),
    pinnedCertificates: z.array(certificateSchema).meta(doc('Certificates of `pinnedCertificate`')),
    clientCertificate: z.string().meta(doc('Client certificate in PEM; empty for none', '')),
    clientCertificates: z.array(certificateSchema).meta(doc('Certificates of `clientCertificate`')),
    proxyUrl: z.string().meta(doc('URL of the proxy; empty for none', 'http://proxy.example.com:3128')),
    hasProxyCredentials: z.boolean().meta(doc('True if a user name and a password for the proxy are stored')),
    noProxy: z
      .array(z.string())
      .meta(doc('Hosts, domains, addresses and CIDR ranges that are reached without the proxy', ['10.0.0.0/8'])),
    gatewayHeaderName: z.string().meta(doc('Header for a gateway; empty for none', 'x-gateway-key')),
    minTlsVersion: z.enum(minTlsVersions).meta(doc('Lowest version of TLS')),
    connectTimeoutSeconds: z.int().meta(doc('Longest time to open a connection, in seconds', 10)),
    requestTimeoutSeconds: z.int().meta(doc('Longest time of a request, in seconds; 0 for the operator’s limit', 0)),
    gitTimeoutSeconds: z.int().meta(doc('Longest time of a git operation, in seconds; 0 for the operator’s limit', 0)),
    maxPackMegabytes: z.int().meta(doc('Largest pack of git objects, in megabytes; 0 for the operator’s limit', 0)),
  })
  .meta({ id: 'ConnectionProfile', description: 'How the server of a connection is reached, without secrets' });
export type ConnectionProfileView = z.output<typeof connectionProfileViewSchema>;

/** The server to read the certificate of, and the profile to reach it by. */
export const inspectCertificateSchema = z
  .object({
    serverUrl: z.string().trim().min(1).max(300).meta(doc('URL of the server', 'https://ghes.example.com')),
    profile: connectionProfileSchema.optional().meta(doc('How the server is reached. Default: directly')),
  })
  .meta({ id: 'InspectCertificate', description: 'The server whose certificate is read' });
export type InspectCertificate = z.output<typeof inspectCertificateSchema>;

/** The certificate that a server presents, trusted or not. */
export const serverCertificateSchema = certificateSchema
  .extend({
    certificate: z
      .string()
      .meta(doc('The certificate in PEM', '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----')),
    selfSigned: z.boolean().meta(doc('True if it is its own issuer')),
    names: z.array(z.string()).meta(doc('Host names and addresses that it is valid for', ['ghes.example.com'])),
  })
  .meta({ id: 'ServerCertificate', description: 'The certificate that a server presents, trusted or not' });
export type ServerCertificate = z.output<typeof serverCertificateSchema>;
