import type { RegisterAppRequest, ReplaceConnectionProfileRequest, RotateCredentialRequest } from '@reunite/contracts';
import type {
  InstallationRequest,
  TokenUsage,
  UserAccount,
  UserRequest,
  VaultApp,
  VaultAuditRecord,
  VaultInstallation,
  VaultWebhook,
  WebhookPing,
} from '@reunite/contracts';
import { VaultError } from '@reunite/vault-client';
import type { ManagingVaultClient } from '@reunite/vault-client';

interface PendingFlow {
  readonly organizationId: string;
  readonly subject: string;
  readonly connectionId: string;
}

/** A request for an installation token. */
export interface TokenRequest {
  readonly installationId: number;
  readonly repositoryIds: readonly number[];
  readonly permissions: Readonly<Record<string, string>>;
}

type Credential = 'private-key' | 'client-secret' | 'webhook-secret';

/**
 * The credential vault without credentials: tokens are descriptive strings or come from a simulator, states are numbered,
 * nothing is encrypted. Its requests are recorded, and its answers are set through its properties.
 */
export class FakeVault implements ManagingVaultClient {
  /** Rejects every call while it is set. */
  failure: VaultError | null = null;
  /** Rejects the next call only. */
  nextFailure: VaultError | null = null;

  readonly manifestFlows = new Map<string, PendingFlow>();
  readonly signInFlows = new Map<string, PendingFlow>();
  readonly registered: RegisterAppRequest[] = [];
  readonly profiles: ReplaceConnectionProfileRequest[] = [];
  /** PEM of the certificate that every server presents. */
  serverCertificate = '';
  webhook: VaultWebhook = { url: '', contentType: 'json', verifiesCertificates: true, deliveries: [] };
  webhookPing: WebhookPing = { event: '', statusCode: 0, status: '' };
  readonly rotated: (RotateCredentialRequest & { kind: Credential })[] = [];
  auditRecords: VaultAuditRecord[] = [];
  tokenUsage: TokenUsage = { lastDay: 0, permissions: {} };
  /** Ids of deleted connections. */
  readonly deleted: string[] = [];
  /** Connection ids of all {@link forgetTokens} calls. */
  readonly forgotten: string[] = [];

  installations: VaultInstallation[] = [];
  /** Requested installations that wait for approval. */
  requests: InstallationRequest[] = [];
  /** Permissions that the installation lacks. */
  readonly missing = new Set<string>();
  /** Age of every installation token, in ms. */
  tokenAgeMs = 0;
  webhookSecrets: string[] = [];

  /** Accounts by `<subject> <connection id>`. */
  readonly accounts = new Map<string, UserAccount>();
  /** Logins by subject, signed in at every connection. */
  readonly logins = new Map<string, string>();
  /** Subjects whose account the server rejects. */
  readonly broken = new Set<string>();

  /** Issues tokens of an installation. Default: a description of the request. */
  issueInstallationToken = (request: TokenRequest): Promise<string> => {
    const narrowed = `${request.repositoryIds.join()} ${JSON.stringify(request.permissions)}`;
    // Another token after each `forgetTokens`.
    return Promise.resolve(`token for ${narrowed}${' again'.repeat(this.forgotten.length)}`);
  };
  /** Issues tokens of a user. Default: a description of the request. */
  issueUserToken = (login: string): Promise<string> => Promise.resolve(`token of ${login}`);

  private readonly app: VaultApp;

  constructor(readonly origin = 'https://ghes.example.com') {
    this.app = {
      id: 7,
      slug: 'reunite-acme',
      name: 'Reunite Acme',
      htmlUrl: `${origin}/github-apps/reunite-acme`,
      owner: 'acme',
      permissions: { contents: 'write' },
      events: ['create', 'delete', 'pull_request', 'push'],
    };
  }

  beginManifest: ManagingVaultClient['beginManifest'] = async (request) => {
    await this.answerable();
    return { state: begin(this.manifestFlows, 'state', request) };
  };

  completeManifest: ManagingVaultClient['completeManifest'] = async (request) => {
    await this.answerable();
    const flow = complete(this.manifestFlows, request);
    if (!flow) throw new VaultError('This setup was not begun here.', 'manifest-state-unknown');
    return { connectionId: flow.connectionId, app: this.app };
  };

  registerApp: ManagingVaultClient['registerApp'] = async (request) => {
    await this.answerable();
    this.registered.push(request);
    return { ...this.app, id: request.appId };
  };

  getApp: ManagingVaultClient['getApp'] = async () => {
    await this.answerable();
    return this.app;
  };

  rotatePrivateKey: ManagingVaultClient['rotatePrivateKey'] = (request) => this.rotate('private-key', request);
  rotateClientSecret: ManagingVaultClient['rotateClientSecret'] = (request) => this.rotate('client-secret', request);
  rotateWebhookSecret: ManagingVaultClient['rotateWebhookSecret'] = (request) => this.rotate('webhook-secret', request);

  getWebhookSecrets: ManagingVaultClient['getWebhookSecrets'] = async () => {
    await this.answerable();
    return { secrets: this.webhookSecrets };
  };

  replaceConnectionProfile: ManagingVaultClient['replaceConnectionProfile'] = async (request) => {
    await this.answerable();
    this.profiles.push(request);
    return { version: this.profiles.length };
  };

  getConnectionProfile: ManagingVaultClient['getConnectionProfile'] = async ({ connectionId }) => {
    await this.answerable();
    const profile = this.profiles.findLast((replaced) => replaced.connectionId === connectionId)?.profile ?? null;
    return { version: this.profiles.length, profile };
  };

  inspectServerCertificate: ManagingVaultClient['inspectServerCertificate'] = async () => {
    await this.answerable();
    return { pem: this.serverCertificate };
  };

  getWebhook: ManagingVaultClient['getWebhook'] = async () => {
    await this.answerable();
    return this.webhook;
  };

  pingWebhook: ManagingVaultClient['pingWebhook'] = async () => {
    await this.answerable();
    return this.webhookPing;
  };

  listWebhookDeliveries: ManagingVaultClient['listWebhookDeliveries'] = async () => {
    await this.answerable();
    return { webhookUrl: '', deliveries: [], nextCursor: '' };
  };

  redeliverWebhooks: ManagingVaultClient['redeliverWebhooks'] = async () => {
    await this.answerable();
    return { missingIds: [] };
  };

  readWebhookDelivery: ManagingVaultClient['readWebhookDelivery'] = async () => {
    await this.answerable();
    throw new VaultError('The server has no such delivery.', 'ghes-not-found');
  };

  repairWebhook: ManagingVaultClient['repairWebhook'] = async ({ url }) => {
    await this.answerable();
    this.webhook = { ...this.webhook, url, contentType: 'json', verifiesCertificates: true };
    return this.webhook;
  };

  listAuditRecords: ManagingVaultClient['listAuditRecords'] = async ({ before, limit }) => {
    await this.answerable();
    return { records: this.auditRecords.filter(({ seq }) => before === 0 || seq < before).slice(0, limit) };
  };

  getTokenUsage: ManagingVaultClient['getTokenUsage'] = async () => {
    await this.answerable();
    return this.tokenUsage;
  };

  deleteConnection: ManagingVaultClient['deleteConnection'] = async ({ connectionId }) => {
    await this.answerable();
    this.deleted.push(connectionId);
    return {};
  };

  listInstallations: ManagingVaultClient['listInstallations'] = async () => {
    await this.answerable();
    return { installations: this.installations, requests: this.requests };
  };

  mintInstallationToken: ManagingVaultClient['mintInstallationToken'] = async (request) => {
    if (Object.keys(request.permissions).some((permission) => this.missing.has(permission))) {
      const message = 'The permissions requested are not granted to this installation.';
      throw new VaultError(message, 'ghes-validation');
    }
    await this.answerable();
    return {
      token: await this.issueInstallationToken(request),
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      origin: this.origin,
      ageMs: this.tokenAgeMs,
    };
  };

  forgetTokens: ManagingVaultClient['forgetTokens'] = async ({ connectionId }) => {
    this.forgotten.push(connectionId);
    await this.answerable();
    return {};
  };

  beginUserSignIn: ManagingVaultClient['beginUserSignIn'] = async (request) => {
    await this.answerable();
    const state = begin(this.signInFlows, 'sign-in', request);
    const query = new URLSearchParams({ state, redirect_uri: `${request.callbackUrl}/${request.connectionId}` });
    return { authorizeUrl: `${this.origin}/login/oauth/authorize?${query.toString()}` };
  };

  completeUserSignIn: ManagingVaultClient['completeUserSignIn'] = async (request) => {
    await this.answerable();
    const flow = complete(this.signInFlows, request);
    if (!flow) throw new VaultError('This sign-in was not begun here.', 'sign-in-state-unknown');
    const { connectionId } = flow;
    if (request.connectionId !== connectionId) {
      throw new VaultError('Another server answered.', 'sign-in-state-foreign-connection');
    }
    const account = { connectionId, status: 'unconfirmed', reason: '', githubId: 1, login: 'octocat' };
    this.accounts.set(accountKey(flow), account);
    return account;
  };

  confirmUserSignIn: ManagingVaultClient['confirmUserSignIn'] = async (request) => {
    await this.answerable();
    const account = this.accounts.get(accountKey(request));
    if (account?.login !== request.login) throw new VaultError('You are another user.', 'conflict');
    const confirmed = { ...account, status: 'active' };
    this.accounts.set(accountKey(request), confirmed);
    return confirmed;
  };

  getUserAccount: ManagingVaultClient['getUserAccount'] = async (request) => {
    await this.answerable();
    const { connectionId } = request;
    return (
      this.accounts.get(accountKey(request)) ?? {
        connectionId,
        status: 'signed-out',
        reason: '',
        githubId: 0,
        login: '',
      }
    );
  };

  mintUserToken: ManagingVaultClient['mintUserToken'] = async (request) => {
    const { subject } = request;
    if (this.broken.has(subject)) throw new VaultError('Your account is suspended.', 'user-account-broken');
    const login = this.logins.get(subject) ?? this.accounts.get(accountKey(request))?.login;
    if (login === undefined) throw new VaultError('The user has not signed in on the server.', 'user-signed-out');
    await this.answerable();
    return { token: await this.issueUserToken(login), origin: this.origin, login };
  };

  endUserSignIn: ManagingVaultClient['endUserSignIn'] = async (request) => {
    await this.answerable();
    this.accounts.delete(accountKey(request));
    return {};
  };

  /** Rejects only while the vault is meant to be unreachable. */
  ready: ManagingVaultClient['ready'] = () =>
    (this.nextFailure ?? this.failure)?.code === 'vault-unavailable' ? this.answerable() : Promise.resolve();

  close(): void {
    this.manifestFlows.clear();
    this.signInFlows.clear();
  }

  private async rotate(kind: Credential, request: RotateCredentialRequest): Promise<{ version: number }> {
    await this.answerable();
    this.rotated.push({ ...request, kind });
    return { version: 2 };
  }

  private answerable(): Promise<void> {
    const failure = this.nextFailure ?? this.failure;
    this.nextFailure = null;
    return failure ? Promise.reject(failure) : Promise.resolve();
  }
}

function begin(flows: Map<string, PendingFlow>, prefix: string, flow: PendingFlow): string {
  const state = `${prefix}-${flows.size + 1}`;
  flows.set(state, {
    organizationId: flow.organizationId,
    subject: flow.subject,
    connectionId: flow.connectionId,
  });
  return state;
}

/** Takes a flow by its state. Returns null unless the same organization and subject began it. */
function complete(
  flows: Map<string, PendingFlow>,
  { organizationId, subject, state }: { organizationId: string; subject: string; state: string },
): PendingFlow | null {
  const flow = flows.get(state);
  if (flow?.organizationId !== organizationId || flow.subject !== subject) return null;
  flows.delete(state);
  return flow;
}

function accountKey({ subject, connectionId }: Pick<UserRequest, 'subject' | 'connectionId'>): string {
  return `${subject} ${connectionId}`;
}
