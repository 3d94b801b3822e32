import { hash } from 'node:crypto';

/** Characters of a hash: 160 bits. */
const LENGTH = 27;

/** Identifies the content of a file: SHA-256, shortened to 160 bits. */
export function contentHash(content: Buffer): string {
  return hash('sha256', content, 'base64url').slice(0, LENGTH);
}
