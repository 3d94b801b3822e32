import 'reflect-metadata';
import type { KeyObject } from 'node:crypto';
import { KeyObject as NodeKey, webcrypto } from 'node:crypto';
import { BasicConstraintsExtension, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const validity = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 3_600_000) };

/** A private certificate authority, which issues certificates for hosts. */
export interface PrivateAuthority {
  readonly ca: string;
  readonly issue: (hostname: string) => Promise<{ cert: string; key: string }>;
}

/** Creates a certificate authority for one test. */
export async function privateAuthority(): Promise<PrivateAuthority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const root = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: 'CN=Private Authority',
    keys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  const issue = async (hostname: string): Promise<{ cert: string; key: string }> => {
    const own = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const certificate = await X509CertificateGenerator.create({
      ...validity,
      subject: `CN=${hostname}`,
      issuer: root.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: hostname }])],
    });
    const key: KeyObject = NodeKey.from(own.privateKey);
    return { cert: certificate.toString('pem'), key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
  };
  return { ca: root.toString('pem'), issue };
}
