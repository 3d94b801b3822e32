/** Kinds of credentials that this server issues or receives. */
export type SecretKind =
  | 'app-jwt'
  | 'client-secret'
  | 'installation-token'
  | 'manifest-code'
  | 'oauth-code'
  | 'pkce-verifier'
  | 'private-key'
  | 'user-refresh-token'
  | 'user-token'
  | 'webhook-secret';

export interface GivenSecret {
  readonly kind: SecretKind;
  readonly value: string;
}

/** Every call of an app carries a new JWT; the list must not grow without bound. */
const MOST = 20_000;

/**
 * Secrets that were issued or received since the process started, in memory only (the state contains hashes). Tests
 * that search for leaked secrets read them here.
 */
export class GivenSecrets {
  // eslint-disable-next-line no-restricted-syntax -- the keys are secrets
  readonly #kinds = new Map<string, SecretKind>();

  add(kind: SecretKind, value: string | null): void {
    if (value === null || value === '') return;
    this.#kinds.set(value, kind);
    const [oldest] = this.#kinds.keys();
    if (this.#kinds.size > MOST && oldest !== undefined) this.#kinds.delete(oldest);
  }

  list(): GivenSecret[] {
    return [...this.#kinds].map(([value, kind]) => ({ kind, value }));
  }
}
