import 'reflect-metadata';
import { X509Certificate as NodeCertificate, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** The files of a service for mutual TLS. */
export interface DevelopmentIdentity {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

interface Authority {
  readonly certificate: X509Certificate;
  readonly key: CryptoKey;
}

const DAY_MS = 86_400_000;
const CA_DAYS = 3_650;
const SERVICE_DAYS = 365;
const RENEW_BEFORE_DAYS = 30;
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' };

/**
 * Creates a certificate authority and a certificate for each service (EC P-256) as PEM files with mode 0600 in `dir`.
 * Files that are valid for another month are kept. For local stacks and tests only: deployments use their own
 * authority.
 *
 * @param services service names that the vault knows, e.g. `webhook-ingest`
 * @returns the files by service; certificates are valid for localhost, 127.0.0.1 and the service name
 */
export async function ensureDevelopmentCa<Service extends string>(
  dir: string,
  services: readonly Service[],
): Promise<Record<Service, DevelopmentIdentity>> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const caFile = join(dir, 'ca.pem');
  const authority = (await readAuthority(dir)) ?? (await createAuthority(dir));
  const identities = services.map(async (service) => {
    const files = { caFile, certFile: join(dir, `${service}.pem`), keyFile: join(dir, `${service}.key`) };
    if (!(await isValid(files, authority))) await createIdentity(service, files, authority);
    return [service, files] as const;
  });
  return Object.fromEntries(await Promise.all(identities)) as Record<Service, DevelopmentIdentity>;
}

async function readAuthority(dir: string): Promise<Authority | null> {
  try {
    const certificate = new X509Certificate(await readFile(join(dir, 'ca.pem'), 'utf8'));
    const der = PemConverter.decodeFirst(await readFile(join(dir, 'ca.key'), 'utf8'));
    const key = await crypto.subtle.importKey('pkcs8', der, CURVE, true, ['sign']);
    return expiresSoon(certificate.notAfter) ? null : { certificate, key };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function createAuthority(dir: string): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      ...validity(CA_DAYS),
      name: 'CN=Reunite development CA',
      keys,
      signingAlgorithm: SIGNING,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  await writeKey(join(dir, 'ca.key'), keys.privateKey);
  await writePrivate(join(dir, 'ca.pem'), certificate.toString('pem'));
  return { certificate, key: keys.privateKey };
}

async function isValid(files: DevelopmentIdentity, authority: Authority): Promise<boolean> {
  try {
    const certificate = new NodeCertificate(await readFile(files.certFile));
    await readFile(files.keyFile);
    const ours = certificate.verify(new NodeCertificate(Buffer.from(authority.certificate.rawData)).publicKey);
    return ours && !expiresSoon(new Date(certificate.validTo));
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function createIdentity(service: string, files: DevelopmentIdentity, authority: Authority): Promise<void> {
  const keys = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create(
    {
      ...validity(SERVICE_DAYS),
      subject: `CN=${service}`,
      issuer: authority.certificate.subject,
      publicKey: keys.publicKey,
      signingKey: authority.key,
      signingAlgorithm: SIGNING,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
        await AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey, false, crypto),
        new SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'dns', value: service },
          { type: 'ip', value: '127.0.0.1' },
          { type: 'url', value: `reunite://service/${service}` },
        ]),
      ],
    },
    crypto,
  );
  await writeKey(files.keyFile, keys.privateKey);
  await writePrivate(files.certFile, certificate.toString('pem'));
}

/** Starts a day ago, because clocks of containers may differ. */
function validity(days: number) {
  return {
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + days * DAY_MS),
  };
}

function expiresSoon(notAfter: Date): boolean {
  return notAfter.getTime() < Date.now() + RENEW_BEFORE_DAYS * DAY_MS;
}

async function writeKey(file: string, key: CryptoKey): Promise<void> {
  const der = await crypto.subtle.exportKey('pkcs8', key);
  await writePrivate(file, PemConverter.encode(der, 'PRIVATE KEY'));
}

/** Renames a complete file, so that an interrupted start leaves no partial one. */
async function writePrivate(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Does not use `instanceof Error`, because errors of Node come from another realm in Jest. */
function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
