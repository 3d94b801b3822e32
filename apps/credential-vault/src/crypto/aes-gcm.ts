import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Box {
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

/** Encrypts with AES-256-GCM and a random nonce. */
export function seal(key: Buffer, plaintext: Buffer, associatedData: Buffer): Box {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(associatedData);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return { nonce, ciphertext, tag: cipher.getAuthTag() };
}

/**
 * @returns the plaintext; the caller zeroes it.
 * @throws Error if the key, the box or the associated data does not match
 */
export function open(key: Buffer, box: Box, associatedData: Buffer): Buffer {
  const decipher = createDecipheriv(ALGORITHM, key, box.nonce, { authTagLength: TAG_BYTES }).setAAD(associatedData);
  decipher.setAuthTag(box.tag);
  const head = decipher.update(box.ciphertext);
  try {
    return Buffer.concat([head, decipher.final()]);
  } finally {
    head.fill(0);
  }
}

/** Concatenates the parts of a box, to store them in one column. */
export function pack(box: Box): Buffer {
  return Buffer.concat([box.nonce, box.tag, box.ciphertext]);
}

export function unpack(packed: Buffer): Box {
  return {
    nonce: packed.subarray(0, NONCE_BYTES),
    tag: packed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES),
    ciphertext: packed.subarray(NONCE_BYTES + TAG_BYTES),
  };
}
