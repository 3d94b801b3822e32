import { readFile } from 'node:fs/promises';
import { webcrypto } from 'node:crypto';
import 'reflect-metadata';
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { pemOf } from './front/private-authority.js';

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

const LIFE_MS = 365 * 24 * 60 * 60 * 1000;

/** Reads certificate and key, or creates a self-signed pair for `localhost` and the addresses of this machine. */
export async function tlsPair(wanted: TlsFiles | 'self-signed'): Promise<TlsPair> {
  if (wanted === 'self-signed') return selfSigned();
  const [cert, key] = await Promise.all([readFile(wanted.certFile, 'utf8'), readFile(wanted.keyFile, 'utf8')]);
  return { cert, key };
}

async function selfSigned(): Promise<TlsPair> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const names = new SubjectAlternativeNameExtension([
    { type: 'dns', value: 'localhost' },
    { type: 'ip', value: '127.0.0.1' },
    { type: 'ip', value: '::1' },
  ]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    notBefore: new Date(),
    notAfter: new Date(Date.now() + LIFE_MS),
    keys,
    signingAlgorithm: algorithm,
    extensions: [names],
  });
  return { cert: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
}
