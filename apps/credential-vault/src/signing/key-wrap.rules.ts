import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { KekError } from '../kek/kek.error.js';

/** Initial value of AES key wrap with padding, https://www.rfc-editor.org/rfc/rfc5649#section-3 */
const WRAP_IV = Buffer.from('a65959a6', 'hex');

/**
 * Wraps a private key for its import into a key service: an AES-256 key by RSA-OAEP with SHA-256, and the private key
 * (PKCS#8, DER) by that key with AES-KWP. Transit and KMS (`RSA_AES_KEY_WRAP_SHA_256`) use the same format.
 *
 * @see https://developer.hashicorp.com/vault/docs/secrets/transit#bring-your-own-key-byok
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-encrypt-key-material.html
 */
export function wrapForImport(privateKey: KeyObject, wrappingKey: KeyObject): Buffer {
  const aesKey = randomBytes(32);
  const plain = privateKey.export({ type: 'pkcs8', format: 'der' });
  try {
    const cipher = createCipheriv('id-aes256-wrap-pad', aesKey, WRAP_IV);
    const wrapped = Buffer.concat([cipher.update(plain), cipher.final()]);
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return Buffer.concat([publicEncrypt({ key: wrappingKey, padding, oaepHash: 'sha256' }, aesKey), wrapped]);
  } finally {
    aesKey.fill(0);
    plain.fill(0);
  }
}

/** Sizes of RSA keys that Transit and KMS import. Servers generate keys of 2048 bits. */
const IMPORTABLE_BITS: ReadonlySet<number> = new Set([2048, 3072, 4096]);

/**
 * Checks a key before anything is sent: KMS creates a key before it gets the private key, and keeps it if it rejects that.
 *
 * @throws KekError for a private key that a key service would reject
 */
export function requireImportable({ asymmetricKeyDetails }: KeyObject): void {
  const { modulusLength = 0, publicExponent } = asymmetricKeyDetails ?? {};
  if (IMPORTABLE_BITS.has(modulusLength) && publicExponent === 65_537n) return;
  throw new KekError(
    `Key services import RSA keys of 2048, 3072 or 4096 bits with the exponent 65537. This one has ${modulusLength} bits and the exponent ${publicExponent ?? 'unknown'}.`,
  );
}
