import { webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** Certificates of a private network, in PEM. */
export interface PrivateNetwork {
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const LIFE_MS = 365 * 24 * 60 * 60 * 1000;
const FILES = {
  ca: 'ca.pem',
  serverCert: 'server.pem',
  serverKey: 'server.key',
  clientCert: 'client.pem',
  clientKey: 'client.key',
};
const LOCAL_NAMES = new SubjectAlternativeNameExtension([
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
]);

/**
 * Reads the authority, the certificate of the server and the certificate for clients from `<folder>/tls`, or creates
 * them: `ca.pem`, `server.pem`, `server.key`, `client.pem`, `client.key`.
 */
export async function privateNetwork(folder: string): Promise<PrivateNetwork> {
  const directory = join(folder, 'tls');
  const read = async (name: keyof typeof FILES) => readFile(join(directory, FILES[name]), 'utf8');
  try {
    const [ca, cert, key, clientCert, clientKey] = await Promise.all([
      read('ca'),
      read('serverCert'),
      read('serverKey'),
      read('clientCert'),
      read('clientKey'),
    ]);
    if (new Date(new NodeCertificate(cert).validTo) > new Date()) {
      return { ca, server: { cert, key }, client: { cert: clientCert, key: clientKey } };
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const created = await createNetwork();
  await mkdir(directory, { recursive: true });
  await Promise.all([
    writeFile(join(directory, FILES.ca), created.ca),
    writeFile(join(directory, FILES.serverCert), created.server.cert),
    writeFile(join(directory, FILES.serverKey), created.server.key, { mode: 0o600 }),
    writeFile(join(directory, FILES.clientCert), created.client.cert),
    writeFile(join(directory, FILES.clientKey), created.client.key, { mode: 0o600 }),
  ]);
  return created;
}

async function createNetwork(): Promise<PrivateNetwork> {
  const keys = await newKeys();
  const root = await X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: 'CN=Acme Internal CA, O=Acme',
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  const issue = (subject: string, extensions: SubjectAlternativeNameExtension[]) =>
    issued(root, keys.privateKey, subject, extensions);
  return {
    ca: root.toString('pem'),
    server: await issue('CN=localhost', [LOCAL_NAMES]),
    client: await issue('CN=reunite', []),
  };
}

async function issued(
  root: X509Certificate,
  signingKey: webcrypto.CryptoKey,
  subject: string,
  extensions: SubjectAlternativeNameExtension[],
) {
  const own = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    ...validity(),
    subject,
    issuer: root.subject,
    publicKey: own.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions,
  });
  return { cert: certificate.toString('pem'), key: await pemOf(own.privateKey) };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function validity() {
  return { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + LIFE_MS) };
}

/** The private key as PKCS#8 in PEM. */
export async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  const lines = (der.match(/.{1,64}/g) ?? []).join('\n');
  return `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`;
}
