import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exportJWK, generateKeyPair, importJWK } from 'jose';
import type { CryptoKey, JWK } from 'jose';

export const LOCAL_ALGORITHM = 'ES256';

export interface LocalKeys {
  readonly privateKey: CryptoKey;
  /** The public keys. */
  readonly publicJwk: JWK;
}

/** The signing key of the local sign-in: created on the first start, readable by its owner only. */
export async function openLocalKeys(file: string): Promise<LocalKeys> {
  const { kid, kty, crv, x, y, d } = (await readKey(file)) ?? (await makeKey(file));
  const publicJwk = { kid, kty, crv, x, y, alg: LOCAL_ALGORITHM, use: 'sig' } as JWK;
  const privateKey = (await importJWK({ kty, crv, x, y, d } as JWK, LOCAL_ALGORITHM)) as CryptoKey;
  return { privateKey, publicJwk };
}

async function readKey(file: string): Promise<JWK | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JWK;
  } catch (error) {
    // Without `instanceof Error`: in Jest, Node's own errors come from another realm.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function makeKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(LOCAL_ALGORITHM, { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomUUID() };
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify(jwk), { mode: 0o600, flag: 'wx' });
  return jwk;
}
