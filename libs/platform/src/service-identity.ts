import { readFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';

/** PEM files that make a service known to the others: mutual TLS with one private CA. */
export interface IdentityFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface ServiceIdentity {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads the three PEM files; a missing one is an error that names the file. */
export async function loadServiceIdentity(files: IdentityFiles): Promise<ServiceIdentity> {
  const [ca, cert, key] = await Promise.all([
    readFile(files.caFile),
    readFile(files.certFile),
    readFile(files.keyFile),
  ]);
  return { ca, cert, key };
}

/** URI in the certificate's subject alternative name, as in SPIFFE: `reunite://service/<name>`. */
const serviceUri = /(?:^|, )URI:reunite:\/\/service\/([a-z][a-z-]*)(?:,|$)/;

/** The service that a verified client certificate stands for, or null where it names none. */
export function serviceOfCertificate(raw: Buffer): string | null {
  return serviceUri.exec(new X509Certificate(raw).subjectAltName ?? '')?.[1] ?? null;
}
