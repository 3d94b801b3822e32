import type { VaultApp } from '@reunite/contracts';
import { VaultError } from '@reunite/vault-client';
import type { Vault } from '../src/vault.js';

const app: VaultApp = {
  id: 7,
  slug: 'reunite-acme',
  name: 'Reunite Acme',
  htmlUrl: 'https://ghes.example.com/github-apps/reunite-acme',
  owner: 'acme',
  permissions: { contents: 'write' },
  events: ['push'],
};

interface Flow {
  readonly organizationId: string;
  readonly subject: string;
  readonly connectionId: string;
}

/** The vault's manifest flow by its rules, without credentials: a state is good once, for whoever began it. */
export class FakeVault implements Vault {
  readonly flows = new Map<string, Flow>();
  readonly deleted: string[] = [];
  /** Thrown by the next call. */
  failure: VaultError | null = null;

  beginManifest: Vault['beginManifest'] = async ({ organizationId, subject, connectionId }) => {
    await this.mayFail();
    const state = `state-${this.flows.size + 1}`;
    this.flows.set(state, { organizationId, subject, connectionId });
    return { state };
  };

  completeManifest: Vault['completeManifest'] = async ({ organizationId, subject, state }) => {
    await this.mayFail();
    const flow = this.flows.get(state);
    if (flow?.organizationId !== organizationId || flow.subject !== subject) {
      throw new VaultError('This setup was not begun here.', 'manifest-state-unknown', false);
    }
    this.flows.delete(state);
    return { connectionId: flow.connectionId, app };
  };

  deleteConnection: Vault['deleteConnection'] = async ({ connectionId }) => {
    await this.mayFail();
    this.deleted.push(connectionId);
    return {};
  };

  close(): void {
    this.flows.clear();
  }

  private mayFail(): Promise<void> {
    const { failure } = this;
    this.failure = null;
    return failure ? Promise.reject(failure) : Promise.resolve();
  }
}
