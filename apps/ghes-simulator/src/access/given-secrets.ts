/** What somebody could use against this server, or in its name. */
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

/** JWTs come with every call of an app; a server that runs for weeks must not grow by them. */
const MOST = 20_000;

/**
 * The secrets that were given out or came in since this process started, in memory only: the state keeps hashes. A test
 * that looks for what was written down where it should not be gets its list here.
 */
export class GivenSecrets {
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
