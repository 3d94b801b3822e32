import { createHash, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

/** Tokens and secrets are kept as hashes, as on a real server: who reads the state file cannot use them. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A GitHub-like token: the prefix tells the kind, 36 random letters and digits follow. */
export function newToken(prefix: 'ghs_' | 'ghp_' | 'ghu_' | 'ghr_'): string {
  return prefix + Array.from(randomBytes(36), (byte) => alphabet[byte % alphabet.length]).join('');
}

export function hashPassword(password: string, salt = randomBytes(16).toString('hex')): string {
  return `${salt}:${scryptSync(password, salt, 32, { N: 1024 }).toString('hex')}`;
}

export function passwordMatches(password: string, hash: string): boolean {
  const [salt = ''] = hash.split(':');
  return timingSafeEqual(Buffer.from(hashPassword(password, salt)), Buffer.from(hash));
}
