import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import { BasicConstraintsExtension, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import type { X509Certificate } from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const HOUR_MS = 3_600_000;
const VALIDITY = { notBefore: new Date(Date.now() - HOUR_MS), notAfter: new Date(Date.now() + HOUR_MS) };

/** A certificate and its key, both PEM. */
interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** A private certificate authority, which issues certificates for hosts. */
export interface PrivateAuthority {
  readonly ca: string;
  readonly issue: (hostname: string) => Promise<Identity>;
}

export async function selfSigned(hostname: string): Promise<Identity> {
  const keys = await createKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...VALIDITY,
    name: `CN=${hostname}`,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [hostnameExtension(hostname)],
  });
  return identity(certificate, keys);
}

export async function privateAuthority(): Promise<PrivateAuthority> {
  const keys = await createKeys();
  const root = await X509CertificateGenerator.createSelfSigned({
    ...VALIDITY,
    name: 'CN=Private Authority',
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  const issue = async (hostname: string): Promise<Identity> => {
    const own = await createKeys();
    const certificate = await X509CertificateGenerator.create({
      ...VALIDITY,
      subject: `CN=${hostname}`,
      issuer: root.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [hostnameExtension(hostname)],
    });
    return identity(certificate, own);
  };
  return { ca: root.toString('pem'), issue };
}

function createKeys() {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function hostnameExtension(hostname: string) {
  return new SubjectAlternativeNameExtension([{ type: 'dns', value: hostname }]);
}

function identity(certificate: X509Certificate, { privateKey }: webcrypto.CryptoKeyPair): Identity {
  const key = KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { cert: certificate.toString('pem'), key };
}
