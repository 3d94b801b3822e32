import { z } from 'zod';
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
    .meta({ description: `PEM; empty for none` });
const secret = (text: string) =>
  z
    .string()
    .max(MAX_SECRET)
    .exactOptional()
    .meta({
      description: `${text} Omitted: the stored one stays, unless the change could show it to others. Never returned`,
      writeOnly: true,
    });
const bounded = (min: number, max: number, preset: number, unit: string) =>
  z
    .int(`Enter a whole number of ${unit}.`)
    .min(min, `At least ${min} ${unit}.`)
    .max(max, `At most ${max} ${unit}.`)
    .default(preset);

/** A limit that lowers the operator's. */
const lowered = (max: number, unit: string) =>
  bounded(0, max, 0, unit).meta({
    description: `In ${unit}; 0, or more than the operator allows: the operator’s limit`,
  });

const minTlsVersions = ['TLSv1.2', 'TLSv1.3'] as const;

/**
 * Describes how vault and workers reach the server of a connection. Default: directly, trusting the public authorities.
 */
export const connectionProfileSchema = z
  .object({
    caBundle: certificates('bundle').meta({
      description: 'Certificate authorities in PEM that are trusted in addition to the public ones',
    }),
    pinnedCertificate: certificates('certificate').meta({
      description: 'Certificate of the server in PEM that is trusted as it is; for a self-signed server',
    }),
    clientCertificate: certificates('certificate').meta({
      description: 'Client certificate for mutual TLS with its chain, in PEM',
    }),
    clientKey: secret('Key of the client certificate in PEM, without a passphrase.'),
    proxyUrl: z
      .string()
      .trim()
      .max(300)
      .default('')
      .meta({ description: 'HTTP proxy that supports CONNECT, e.g. http://proxy.example.com:3128; empty for none' }),
    proxyUsername: secret('User name at the proxy.'),
    proxyPassword: secret('Password at the proxy.'),
    noProxy: z
      .array(line.trim().min(1).max(255))
      .max(100, 'At most 100 hosts.')
      .default([])
      .meta({ description: 'Hosts, domains, addresses and CIDR ranges that are reached without the proxy' }),
    gatewayHeaderName: z
      .string()
      .trim()
      .max(64, 'A header name has at most 64 characters.')
      .default('')
      .meta({ description: 'Header that a gateway in front of the server requires; empty for none' }),
    gatewayHeaderValue: secret('Value of the header.'),
    minTlsVersion: z.enum(minTlsVersions).default('TLSv1.2'),
    connectTimeoutSeconds: bounded(1, 60, 10, 'seconds'),
    requestTimeoutSeconds: lowered(600, 'seconds'),
    gitTimeoutSeconds: lowered(3_600, 'seconds'),
    maxPackMegabytes: lowered(65_536, 'megabytes'),
  })
  .meta({ id: 'ConnectionProfileInput' });
/** As a caller enters it; an omitted secret keeps its stored value. */
export type ConnectionProfileInput = z.output<typeof connectionProfileSchema>;

const certificateSchema = z
  .object({
    subject: z.string(),
    issuer: z.string(),
    fingerprint: z.string().meta({ description: 'SHA-256 of the certificate, as pairs of hexadecimal digits' }),
    validFrom: timestamp,
    validTo: timestamp,
    daysLeft: z.int().meta({ description: 'Negative after it expired' }),
  })
  .meta({ id: 'Certificate' });
export type Certificate = z.output<typeof certificateSchema>;

/** A stored profile, without its secrets. */
export const connectionProfileViewSchema = z
  .object({
    version: z.int().meta({ description: 'Number of times that it was changed; 0 if there is none' }),
    caBundle: z.string(),
    caCertificates: z.array(certificateSchema),
    pinnedCertificate: z.string(),
    pinnedCertificates: z.array(certificateSchema),
    clientCertificate: z.string(),
    clientCertificates: z.array(certificateSchema),
    proxyUrl: z.string(),
    hasProxyCredentials: z.boolean(),
    noProxy: z.array(z.string()),
    gatewayHeaderName: z.string(),
    minTlsVersion: z.enum(minTlsVersions),
    connectTimeoutSeconds: z.int(),
    requestTimeoutSeconds: z.int(),
    gitTimeoutSeconds: z.int(),
    maxPackMegabytes: z.int(),
  })
  .meta({ id: 'ConnectionProfile' });
export type ConnectionProfileView = z.output<typeof connectionProfileViewSchema>;

/** The server to read the certificate of, and the profile to reach it by. */
export const inspectCertificateSchema = z
  .object({ serverUrl: z.string().trim().min(1).max(300), profile: connectionProfileSchema.optional() })
  .meta({ id: 'InspectCertificate' });
export type InspectCertificate = z.output<typeof inspectCertificateSchema>;

/** The certificate that a server presents, trusted or not. */
export const serverCertificateSchema = certificateSchema
  .extend({
    certificate: z.string().meta({ description: 'The certificate in PEM' }),
    selfSigned: z.boolean(),
    names: z.array(z.string()).meta({ description: 'Host names and addresses that it is valid for' }),
  })
  .meta({ id: 'ServerCertificate' });
export type ServerCertificate = z.output<typeof serverCertificateSchema>;
