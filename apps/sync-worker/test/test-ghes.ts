import { createHash, sign } from 'node:crypto';
import type { CheckName } from '@reunite/contracts';
import { SimulatedRepository, SimulatedServer, startSimulator } from '@reunite/testing';
import type { FakeVault, TokenRequest } from '@reunite/testing';

interface SentStatus {
  readonly sha: string;
  readonly context: string;
  readonly state: string;
  readonly description: string;
  readonly target_url: string;
}

interface Repository {
  readonly id: number;
  readonly name: string;
  readonly full_name: string;
}

interface AppOfServer {
  readonly id: number;
  readonly slug: string;
  readonly permissions: Record<string, string>;
  readonly installations: readonly unknown[];
}

/** A pull request as the API and webhooks represent it. */
export interface PullRequest extends Record<string, unknown> {
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly updated_at: string;
}

interface AppCredentials {
  readonly id: number;
  readonly pem: string;
}

/** All permissions that the app needs. */
const PERMISSIONS = {
  contents: 'write',
  pull_requests: 'write',
  statuses: 'write',
  workflows: 'write',
  administration: 'read',
  checks: 'write',
};
/** Requests that read or change code: objects, refs, merges and GraphQL mutations. */
const CODE = /^\/(graphql|git\/|compare\/|merges|branches)/;

/**
 * The simulator with an app of the organization acme, and a new private repository for each test. It answers by the newest
 * version of the API, so that nothing relies on what that version removes, e.g. `merge_commit_sha`.
 */
export class TestGhes extends SimulatedServer {
  /** The app's installation on acme. */
  installationId = 0;
  /** The repository of the running test, as the API represents it. */
  repository: Repository = { id: 0, name: '', full_name: '' };
  git!: SimulatedRepository;
  private readonly clones: SimulatedRepository[] = [];
  private readonly tokens = new Map<string, TokenRequest>();
  private credentials: AppCredentials = { id: 0, pem: '' };
  private token = '';
  private slug = '';

  static async start(): Promise<TestGhes> {
    const ghes = new TestGhes(await startSimulator({ apiVersion: '2026-03-10' }));
    const url = 'https://docs.example';
    const manifest = {
      ...{ name: 'Docs', url, redirect_url: url, default_permissions: PERMISSIONS },
      default_events: ['create', 'delete', 'pull_request', 'push'],
    };
    const app = await ghes.post<AppCredentials & { slug: string }>('/apps', { account: 'acme', manifest });
    ghes.credentials = { id: app.id, pem: app.pem };
    ghes.slug = app.slug;
    ghes.installationId = (await ghes.install('all')).id;
    ghes.token = (await ghes.post<{ token: string }>('/tokens', { login: 'octocat' })).token;
    await ghes.reset();
    return ghes;
  }

  /** Creates an empty repository for the next test. */
  async reset(): Promise<void> {
    await this.clearFaults();
    await this.forgetRequests();
    await this.install('all');
    this.adopt(await this.create(`docs-${this.repository.id + 1}`));
  }

  override async stop(): Promise<void> {
    for (const clone of this.clones) clone.remove();
    await super.stop();
  }

  /** Creates another repository of acme. */
  create(name: string, isPrivate = true): Promise<Repository> {
    return this.post('/repositories', { owner: 'acme', name, private: isPrivate });
  }

  /** Renames the repository, or transfers it to another owner. */
  async move(name: string, owner?: string): Promise<void> {
    const move = { repository: this.repository.full_name, name, ...(owner !== undefined && { owner }) };
    this.adopt(await this.post('/repositories/move', move));
  }

  /** Renames the owner of the repository. */
  async renameOwner(login: string): Promise<void> {
    const [owner = ''] = this.repository.full_name.split('/');
    await this.post(`/accounts/${owner}/rename`, { login });
    const { id, name } = this.repository;
    this.adopt({ id, name, full_name: `${login}/${name}` });
  }

  /** Changes settings of the repository: `private`, `archived`, `defaultBranch`. */
  async configure(settings: object): Promise<void> {
    const { full_name: repository } = this.repository;
    await this.simulator.control('PUT', '/repositories/settings', { repository, ...settings });
  }

  /** Deletes the repository. */
  async remove(): Promise<void> {
    await this.simulator.control('DELETE', '/repositories', { repository: this.repository.full_name });
  }

  /** Removes a pull request, as a restored backup does. */
  async forgetPullRequest(number: number): Promise<void> {
    const { full_name: repository } = this.repository;
    await this.simulator.control('DELETE', '/pull-requests', { repository, number });
  }

  /** Puts a pull request into the merge queue. @returns the branch of the queue and its commit */
  queueMerge(number: number): Promise<{ readonly branch: string; readonly sha: string }> {
    return this.post('/merge-queue', { repository: this.repository.full_name, number });
  }

  /** Another repository by its full name. */
  repositoryAt(fullName: string): SimulatedRepository {
    const git = new SimulatedRepository(this.simulator, fullName, this.token);
    this.clones.push(git);
    return git;
  }

  /** The app with its installations, as the control of the simulator represents it. */
  async app(): Promise<AppOfServer> {
    const apps = (await this.simulator.control('GET', '/apps')) as AppOfServer[];
    const app = apps.find(({ slug }) => slug === this.slug);
    if (!app) throw new Error('The app is deleted.');
    return app;
  }

  /** Uninstalls the app, and installs it again under another id. */
  async reinstall(): Promise<void> {
    await this.uninstall();
    this.installationId = (await this.install('all')).id;
  }

  async uninstall(): Promise<void> {
    await this.post(`/installations/${this.installationId}/uninstall`, {});
  }

  async suspend(isSuspended: boolean): Promise<void> {
    await this.post(`/installations/${this.installationId}/${isSuspended ? 'suspend' : 'unsuspend'}`, {});
  }

  /** Installs the app on these repositories of an account, or on all. */
  install(repositories: 'all' | readonly string[], account = 'acme'): Promise<{ readonly id: number }> {
    return this.post('/installations', { app: this.slug, account, repositories });
  }

  /** Renames the app and its slug. */
  async renameApp(name: string): Promise<void> {
    this.slug = (await this.post<{ slug: string }>(`/apps/${this.slug}/rename`, { name })).slug;
  }

  /** Creates an enterprise of octocat. */
  async createEnterprise(login: string): Promise<void> {
    await this.post('/enterprises', { login, administrator: 'octocat' });
  }

  /** Makes the vault return tokens of the server: one for each scope, until it forgets them. */
  issueTokensOf(vault: FakeVault): void {
    const issued = new Map<string, Promise<string>>();
    vault.issueInstallationToken = (request) => {
      const key = `${request.installationId} ${describe(request)} ${vault.forgotten.length}`;
      const token = issued.get(key) ?? this.issueToken(request);
      issued.set(key, token);
      token.catch(() => issued.delete(key));
      return token;
    };
    vault.issueUserToken = async (login) => (await this.post<{ token: string }>('/tokens', { login })).token;
  }

  /** Revokes an installation token on the server. */
  async revoke(token: string): Promise<void> {
    await fetch(`${this.origin}/api/v3/installation/token`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });
  }

  /** Returns the path of the repository in the API. */
  path(rest = ''): string {
    return `/api/v3/repos/${this.repository.full_name}${rest}`;
  }

  /** @param route method and path below the repository, e.g. `GET /pulls/1` */
  protected override pattern(route: string): string {
    const [method = '', path = ''] = route.split(' ');
    return `${method} ${path === '/graphql' ? '/api/graphql' : this.path(path)}`;
  }

  /** Makes the next requests to any path, including Git's, meet a fault. */
  faultEverywhere(fault: object): Promise<void> {
    return this.simulator.fault('* /*', fault);
  }

  /** Makes the next requests of a route meet a fault. @param route of the whole server */
  faultAt(route: string, fault: object): Promise<void> {
    return this.simulator.fault(route, fault);
  }

  /** Stores a file in the repository's Git LFS. */
  async uploadLfs(content: string): Promise<void> {
    const oid = createHash('sha256').update(content).digest('hex');
    const url = `${this.origin}/${this.repository.full_name}.git/info/lfs/objects/${oid}`;
    const headers = { authorization: `Bearer ${this.token}` };
    const answer = await fetch(url, { method: 'PUT', headers, body: content });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async forgetRequests(): Promise<void> {
    await this.simulator.control('DELETE', '/requests');
  }

  paused(): Promise<number> {
    return this.simulator.paused();
  }

  /** Sends the webhooks of the app to a URL. Without one, the server sends none. */
  async sendWebhooksTo(url: string): Promise<void> {
    await this.simulator.control('PUT', `/apps/${this.slug}/hook`, { url, active: url !== '' });
  }

  /** Makes the next deliveries meet a fault of the simulator, e.g. `drop`. */
  async deliveryFault(kind: string, count = 1): Promise<void> {
    await this.post('/delivery-faults', { kind, count });
  }

  /** Waits until no delivery is in flight. */
  async settleDeliveries(): Promise<void> {
    await this.post('/deliveries/settle', {});
  }

  /** Calls the API as the app itself. @param path with its query, below the API */
  async asApp(method: string, path: string): Promise<Response> {
    const seconds = Math.floor(Date.now() / 1_000);
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const { id: iss, pem } = this.credentials;
    const signed = `${encode({ alg: 'RS256' })}.${encode({ iat: seconds - 60, exp: seconds + 300, iss })}`;
    const jwt = `${signed}.${sign('sha256', Buffer.from(signed), pem).toString('base64url')}`;
    return fetch(`${this.origin}/api/v3${path}`, { method, headers: { authorization: `Bearer ${jwt}` } });
  }

  /** All requests for the repository, as method and path below the repository. */
  async calls(paths = CODE): Promise<string[]> {
    const calls = await this.requests();
    return calls.filter(({ path }) => paths.test(path)).map(({ method, path }) => `${method} ${path}`);
  }

  /** All matching requests, with the path below the repository and without its query. Default: those of the API. */
  async requests(route = '* /api/*') {
    const requests = await this.simulator.requests(route);
    return requests.map(({ method, url, body, authorization, status }) => {
      const path = decodeURIComponent(
        url
          .replace(this.path(), '')
          .replace(/^\/api(\/v3)?/, '')
          .replace(/\?.*/, ''),
      );
      return { method, path, body, status, granted: this.tokens.get(tokenOf(authorization)) ?? null };
    });
  }

  /** The writes to pull requests; GraphQL queries are not among them. */
  async pullRequestWrites() {
    const requests = await this.requests();
    const isQuery = (body: { readonly query?: unknown } | null) =>
      typeof body?.query === 'string' && body.query.startsWith('query');
    return requests.filter(
      ({ method, path, body }) => method !== 'GET' && /^\/(pulls|graphql)/.test(path) && !isQuery(body),
    );
  }

  /** The distinct repositories and permissions of all tokens that the server received, Git included. */
  async grants(): Promise<string[]> {
    const requests = await this.simulator.requests();
    const used = requests.map(({ authorization }) => this.tokens.get(tokenOf(authorization)));
    return [...new Set(used.filter((grant) => grant !== undefined).map(describe))];
  }

  /** The accepted commit statuses, in order. */
  async statuses(): Promise<SentStatus[]> {
    const sent = await this.requests(this.pattern('POST /statuses/*'));
    const accepted = sent.filter(({ status }) => status === 201);
    return accepted.map(({ path, body }) => ({
      ...(body as unknown as SentStatus),
      sha: path.slice('/statuses/'.length),
    }));
  }

  async statusesOf(sha: string, check: 'build' | 'preview' | CheckName): Promise<string[]> {
    const statuses = await this.statuses();
    return statuses.filter((sent) => sent.sha === sha && sent.context.endsWith(check)).map(({ state }) => state);
  }

  /** Calls the API below the repository as its owner octocat. */
  async api<Answer = unknown>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(this.origin + this.path(path), {
      method,
      headers: { authorization: `Bearer ${this.token}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  openPullRequest(head: string, own: object = {}): Promise<PullRequest> {
    return this.api('POST', '/pulls', { title: 'A change', body: '', head, base: 'main', ...own });
  }

  pullRequest(number: number): Promise<PullRequest> {
    return this.api('GET', `/pulls/${number}`);
  }

  editPullRequest(number: number, edit: object): Promise<PullRequest> {
    return this.api('PATCH', `/pulls/${number}`, edit);
  }

  /** Protects a branch against direct changes. */
  async protect(branch: string, own: object = { requiredApprovals: 1 }): Promise<void> {
    await this.simulator.control('PUT', '/protections', { repository: this.repository.full_name, branch, ...own });
  }

  async review(number: number, login: string, event: string, body = ''): Promise<void> {
    await this.post('/reviews', { repository: this.repository.full_name, number, login, event, body });
  }

  private adopt(repository: Repository): void {
    this.repository = repository;
    this.git = this.repositoryAt(repository.full_name);
  }

  private async issueToken(request: TokenRequest): Promise<string> {
    const { installationId, repositoryIds, permissions } = request;
    const asked = { ...(repositoryIds.length > 0 && { repository_ids: repositoryIds }), permissions };
    const { token } = await this.post<{ token: string }>(`/installations/${installationId}/tokens`, asked);
    this.tokens.set(token, request);
    return token;
  }
}

function tokenOf(authorization: string | null): string {
  const [scheme, value = ''] = (authorization ?? '').split(' ');
  return scheme === 'Basic' ? Buffer.from(value, 'base64').toString().replace(/^.*?:/, '') : value;
}

function describe({ repositoryIds, permissions }: TokenRequest): string {
  return `${repositoryIds.join()} ${JSON.stringify(permissions)}`;
}
