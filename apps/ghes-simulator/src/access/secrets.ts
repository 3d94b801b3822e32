import { createHash, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

/** Tokens and secrets are stored as hashes, as on a real server: the state file contains no usable credential. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A token in GitHub's format: a prefix for its kind and 36 random letters and digits. */
export function newToken(prefix: 'ghs_' | 'ghp_' | 'ghu_' | 'ghr_'): string {
  return prefix + Array.from(randomBytes(36), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

export function hashPassword(password: string, salt = randomBytes(16).toString('hex')): string {
  return `${salt}:${scryptSync(password, salt, 32, { N: 1024 }).toString('hex')}`;
}

export function passwordMatches(password: string, hash: string): boolean {
  const [salt = ''] = hash.split(':');
  return timingSafeEqual(Buffer.from(hashPassword(password, salt)), Buffer.from(hash));
}
