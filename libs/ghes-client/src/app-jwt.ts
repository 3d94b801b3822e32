import type { KeyObject } from 'node:crypto';
import { createPrivateKey, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { InvalidPrivateKeyError } from './errors/invalid-private-key.error.js';

/** Signs bytes with the private key of an app: RSASSA-PKCS1-v1_5 with SHA-256. */
export type RsaSigner = (data: Buffer) => Promise<Buffer>;

/** Input of an app JWT. */
export interface AppJwtOptions {
  /** Numeric id of the app on its server. */
  readonly appId: number;
  readonly sign: RsaSigner;
  /** Local time. Default: now. */
  readonly now?: Date;
  /** The server's clock minus the local one, from `clockSkewSeconds()` of the client. Default: 0. */
  readonly clockSkewSeconds?: number;
}

const signAsync = promisify<string, Buffer, KeyObject, Buffer>(sign);

/**
 * Signs with a private key in memory.
 *
 * @param privateKeyPem PKCS#1, as GitHub generates it, or PKCS#8
 * @returns fails with InvalidPrivateKeyError for another text
 */
export function privateKeySigner(privateKeyPem: string): RsaSigner {
  return async (data) => signAsync('sha256', data, readAppPrivateKey(privateKeyPem));
}

/**
 * Signs the JWT with which an app authenticates. For the vault only.
 *
 * Issued 60 s ago and expiring in 540 s by the server's clock: a server accepts at most 10 minutes between the two.
 * `@octokit/auth-app` calls this as its `createJwt` hook. `jose` could replace the encoding only: the key is parsed to a
 * `KeyObject` here for its diagnosis, and signing with `jose` is not faster (1.2 to 2.1 ms, here 1.2 to 1.4 ms).
 * https://docs.github.com/enterprise-server@latest/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export async function signAppJwt(options: AppJwtOptions): Promise<string> {
  const { appId, sign: signData, now = new Date(), clockSkewSeconds = 0 } = options;
  const serverTime = Math.floor(now.getTime() / 1000) + clockSkewSeconds;
  const header = segment({ alg: 'RS256', typ: 'JWT' });
  const payload = segment({ iat: serverTime - 60, exp: serverTime + 540, iss: appId });
  const signature = await signData(Buffer.from(`${header}.${payload}`));
  return `${header}.${payload}.${signature.toString('base64url')}`;
}

/**
 * Parses the private key of an app, to check it when it is entered.
 *
 * @throws InvalidPrivateKeyError with the violation and no part of the key
 */
export function readAppPrivateKey(pem: string): KeyObject {
  // Keys from environment variables or JSON files often have escaped line breaks.
  const text = pem.replaceAll('\\n', '\n').trim();
  const key = parseKey(text);
  if (key.asymmetricKeyType !== 'rsa') {
    throw new InvalidPrivateKeyError(
      `The private key is of type ${key.asymmetricKeyType ?? 'unknown'}, but a GitHub App has an RSA key.`,
    );
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < 2048) {
    throw new InvalidPrivateKeyError(
      `The private key has ${bits} bits, but a GitHub App has at least 2048. Generate a new key on the app's settings page.`,
    );
  }
  return key;
}

function parseKey(text: string): KeyObject {
  if (/BEGIN (RSA )?PUBLIC KEY/.test(text)) {
    throw new InvalidPrivateKeyError(
      "This is a public key. Enter the private key: the .pem file from the app's settings page.",
    );
  }
  try {
    return createPrivateKey(text);
  } catch {
    throw new InvalidPrivateKeyError(
      'The private key does not parse. Enter the whole .pem file, from "-----BEGIN" to "-----END … PRIVATE KEY-----", without a passphrase.',
    );
  }
}

function segment(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
