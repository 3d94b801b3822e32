import type { VaultApp, VaultInstallation } from '@reunite/contracts';
import { VaultError } from '@reunite/vault-client';
import type { Vault } from '../src/vault.js';

/** The vault as the worker sees it: tokens are strings, bound to the server's origin, and say what they were narrowed to. */
export class FakeVault implements Vault {
  /** Thrown by every call while it is there. */
  failure: VaultError | null = null;
  installations: VaultInstallation[] = [];
  /** Permissions that the installation lacks. */
  readonly missing = new Set<string>();

  /** Connections whose tokens were to be forgotten, one for each call. */
  readonly forgotten: string[] = [];
  tokenAgeMs = 0;

  /** Logins at the server of those who have signed in there, by subject. */
  readonly accounts = new Map<string, string>();
  /** Those whose sign-in the server takes no more. */
  readonly broken = new Set<string>();

  constructor(readonly origin: string) {}

  readonly mintUserToken: Vault['mintUserToken'] = ({ subject }) => {
    if (this.broken.has(subject)) {
      return Promise.reject(new VaultError('Your account is suspended.', 'user-account-broken', false));
    }
    const login = this.accounts.get(subject);
    if (login !== undefined) return this.answer({ token: `token of ${login}`, origin: this.origin, login });
    return Promise.reject(new VaultError('Nobody has signed in there.', 'user-signed-out', false));
  };

  readonly mintInstallationToken: Vault['mintInstallationToken'] = ({ repositoryIds, permissions }) => {
    if (Object.keys(permissions).some((permission) => this.missing.has(permission))) {
      const message = 'The permissions requested are not granted to this installation.';
      return Promise.reject(new VaultError(message, 'ghes_validation', false));
    }
    return this.answer({
      token: `token for ${repositoryIds.join()} ${JSON.stringify(permissions)}${' again'.repeat(this.forgotten.length)}`,
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      origin: this.origin,
      ageMs: this.tokenAgeMs,
    });
  };

  readonly forgetTokens: Vault['forgetTokens'] = ({ connectionId }) => {
    this.forgotten.push(connectionId);
    return this.answer({});
  };

  readonly getApp = (): Promise<VaultApp> =>
    this.answer({
      ...{ id: 3, slug: 'reunite', name: 'Reunite', htmlUrl: `${this.origin}/github-apps/reunite`, owner: 'acme' },
      ...{ permissions: { contents: 'write' }, events: ['push'] },
    });

  readonly listInstallations = () => this.answer({ installations: this.installations });

  ready(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.installations = [];
  }

  private answer<T>(value: T): Promise<T> {
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(value);
  }
}
