import { createHash } from 'node:crypto';

/** Characters of a hash: 160 bits. */
const LENGTH = 27;

/** Identifies the content of a file: SHA-256, shortened to 160 bits. */
export function contentHash(content: Buffer): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, LENGTH);
}
