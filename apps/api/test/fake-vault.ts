import type { RegisterAppRequest, RotateCredentialRequest, UserAccount, VaultApp } from '@reunite/contracts';
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

/** The vault's flows by their rules, without a server: a state is good once, for whoever began it. */
export class FakeVault implements Vault {
  readonly flows = new Map<string, Flow>();
  readonly deleted: string[] = [];
  /** What was entered, as it arrived here. */
  readonly registered: RegisterAppRequest[] = [];
  readonly rotated: (RotateCredentialRequest & { kind: string })[] = [];
  readonly signIns = new Map<string, Flow>();
  /** By subject and connection. */
  readonly accounts = new Map<string, UserAccount>();
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

  registerApp: Vault['registerApp'] = async (request) => {
    await this.mayFail();
    this.registered.push(request);
    return { ...app, id: request.appId };
  };

  rotatePrivateKey: Vault['rotatePrivateKey'] = (request) => this.rotate('private-key', request);
  rotateClientSecret: Vault['rotateClientSecret'] = (request) => this.rotate('client-secret', request);
  rotateWebhookSecret: Vault['rotateWebhookSecret'] = (request) => this.rotate('webhook-secret', request);

  beginUserSignIn: Vault['beginUserSignIn'] = async ({ organizationId, subject, connectionId, redirectUri }) => {
    await this.mayFail();
    const state = `sign-in-${this.signIns.size + 1}`;
    this.signIns.set(state, { organizationId, subject, connectionId });
    const query = new URLSearchParams({ state, redirect_uri: redirectUri });
    return { authorizeUrl: `https://ghes.example.com/login/oauth/authorize?${query.toString()}` };
  };

  completeUserSignIn: Vault['completeUserSignIn'] = async ({ organizationId, subject, state }) => {
    await this.mayFail();
    const flow = this.signIns.get(state);
    if (flow?.organizationId !== organizationId || flow.subject !== subject) {
      throw new VaultError('This sign-in was not begun here.', 'sign-in-state-unknown', false);
    }
    this.signIns.delete(state);
    const { connectionId } = flow;
    const account = { connectionId, status: 'active', reason: '', githubId: 1, login: 'octocat' };
    this.accounts.set(`${subject} ${connectionId}`, account);
    return account;
  };

  getUserAccount: Vault['getUserAccount'] = async ({ subject, connectionId }) => {
    await this.mayFail();
    const none = { connectionId, status: 'signed-out', reason: '', githubId: 0, login: '' };
    return this.accounts.get(`${subject} ${connectionId}`) ?? none;
  };

  endUserSignIn: Vault['endUserSignIn'] = async ({ subject, connectionId }) => {
    await this.mayFail();
    this.accounts.delete(`${subject} ${connectionId}`);
    return {};
  };

  deleteConnection: Vault['deleteConnection'] = async ({ connectionId }) => {
    await this.mayFail();
    this.deleted.push(connectionId);
    return {};
  };

  ready: Vault['ready'] = () => (this.failure?.code === 'vault-unavailable' ? this.mayFail() : Promise.resolve());

  close(): void {
    this.flows.clear();
  }

  private async rotate(kind: string, request: RotateCredentialRequest): Promise<{ version: number }> {
    await this.mayFail();
    this.rotated.push({ ...request, kind });
    return { version: 2 };
  }

  private mayFail(): Promise<void> {
    const { failure } = this;
    this.failure = null;
    return failure ? Promise.reject(failure) : Promise.resolve();
  }
}
