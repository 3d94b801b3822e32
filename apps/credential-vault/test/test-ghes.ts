import { generateKeyPairSync } from 'node:crypto';
import { SimulatedServer, startSimulator } from '@reunite/testing';

/** Base of the callback URLs of user sign-ins. */
export const CALLBACK_URL = 'http://localhost:4300/callback/oauth2';

/** A request to the server. */
export interface ReceivedRequest {
  /** Method and path, without the ids of apps, codes and installations. */
  readonly route: string;
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>> | null;
  readonly authorization: string;
  readonly aborted: boolean;
}

/** Paths of the API by what {@link ReceivedRequest.route} names them. */
const ROUTES: Readonly<Record<string, string>> = {
  '/login/oauth/access_token': '/login/oauth/access_token',
  '/app-manifests/conversions': '/api/v3/app-manifests/*/conversions',
  '/app/installations/access_tokens': '/api/v3/app/installations/*/access_tokens',
  '/applications/token': '/api/v3/applications/*/token',
  '/applications/grant': '/api/v3/applications/*/grant',
};

export function rsaKeyPair(type: 'pkcs1' | 'pkcs8') {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type, format: 'pem' },
  });
}

/** One line of a key: a search for the whole text would miss copies with other line breaks. */
export function lineOf(privateKey: string): string {
  return privateKey.split('\n')[5] ?? '';
}

/** The simulator, with the answers that the vault's tests ask for. All instances give out the same ids (P6). */
export class TestGhes extends SimulatedServer {
  /** Id of the user mona. */
  monaId = 0;
  private created = 0;

  /** @param webhookSecret true if manifest conversions return a webhook secret */
  static async start(webhookSecret = false): Promise<TestGhes> {
    const ghes = new TestGhes(
      await startSimulator({ apiVersion: '2026-03-10', conversionWebhookSecret: webhookSecret }),
    );
    ghes.monaId = await ghes.addUser('mona');
    await ghes.addUser('ada');
    return ghes;
  }

  /** Returns the id of the new user. */
  async addUser(login: string): Promise<number> {
    return (await this.post<{ id: number }>('/users', { login })).id;
  }

  /** Creates an app by its manifest. @returns the code of the redirect */
  async manifestCode(connectionId: string, account = 'acme'): Promise<string> {
    return (await this.post<{ code: string }>('/manifest-codes', this.manifest(account, connectionId))).code;
  }

  /** Creates an enterprise with an administrator. */
  async addEnterprise(login: string, administrator: string): Promise<void> {
    await this.post('/enterprises', { login, administrator });
  }

  /** Creates an app with credentials, as an owner does by hand. */
  createApp(account = 'acme'): Promise<{
    readonly id: number;
    readonly slug: string;
    readonly client_id: string;
    readonly pem: string;
  }> {
    return this.post('/apps', this.manifest(account));
  }

  /** Installs an app on all repositories of an account. @returns the id of the installation */
  async install(slug: string, account = 'acme'): Promise<number> {
    return (await this.post<{ id: number }>('/installations', { app: slug, account })).id;
  }

  /** Adds repositories until the ids 1 to `count` exist in acme; id 3 belongs to another organization. */
  async addRepositories(count: number): Promise<void> {
    for (let id = 4; id <= count; id += 1)
      await this.post('/repositories', { owner: 'acme', name: `repository-${id}` });
  }

  async suspend(installationId: number, suspended = true): Promise<void> {
    await this.post(`/installations/${installationId}/${suspended ? 'suspend' : 'unsuspend'}`);
  }

  /** Deletes all private keys of an app, and adds one. @returns it as PEM */
  async replaceKeys(slug: string): Promise<string> {
    await this.simulator.control('DELETE', `/apps/${slug}/keys`);
    return this.addKey(slug);
  }

  /** Adds a private key to an app. @returns it as PEM */
  async addKey(slug: string): Promise<string> {
    return (await this.post<{ pem: string }>(`/apps/${slug}/keys`)).pem;
  }

  /** The current secret of an app's webhook. */
  async hookSecret(slug: string): Promise<string | null> {
    const apps = (await this.simulator.control('GET', '/apps')) as { slug: string; hook: { secret: string | null } }[];
    return apps.find((app) => app.slug === slug)?.hook.secret ?? null;
  }

  /** Fills the log with deliveries of installation events, which do not arrive. */
  async failDeliveries(slug: string, installationId: number, count: number): Promise<void> {
    await this.simulator.control('PUT', `/apps/${slug}/hook`, { active: true });
    await this.post('/delivery-faults', { kind: 'drop', count });
    for (let sent = 0; sent < count; sent += 1) await this.suspend(installationId, sent % 2 === 0);
    await this.settleDeliveries();
  }

  /** Waits until no delivery is in flight. */
  async settleDeliveries(): Promise<void> {
    await this.post('/deliveries/settle');
  }

  /** All secrets that the server issued or received, private keys by one of their lines. */
  async secrets(...kinds: string[]): Promise<string[]> {
    const given = (await this.simulator.control('GET', '/secrets')) as { kind: string; value: string }[];
    const chosen = given.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
    return chosen.map(({ kind, value }) => (kind === 'private-key' ? lineOf(value) : value));
  }

  async requests(): Promise<ReceivedRequest[]> {
    const received = await this.simulator.requests();
    return received.map(({ method, url, body, authorization, aborted }) => {
      const path = url
        .replace(/^\/api\/v3/, '')
        .replace(/\?.*$/, '')
        .replace(/^\/(app-manifests|app\/installations|applications)\/[^/]+\//, '/$1/');
      return { route: `${method} ${path}`, url, body, authorization: authorization ?? '', aborted };
    });
  }

  async count(route: string): Promise<number> {
    return (await this.requests()).filter((request) => request.route === route).length;
  }

  /** Answers the next `count` requests of a route with 502. */
  fail(route: string, count = 1): Promise<void> {
    return this.fault(route, { status: 502, count });
  }

  /** Delays all requests of a route until {@link clearFaults}. */
  delay(route: string, ms: number): Promise<void> {
    return this.fault(route, { delayMs: ms, count: 1_000 });
  }

  /** Authorizes the app in the user's browser. @returns the parameters of the callback */
  async authorize(url: string, login: string): Promise<{ code: string; state: string }> {
    const { location } = await this.post<{ location: string }>('/oauth/authorize', { url, login });
    const { searchParams } = new URL(location);
    return { code: searchParams.get('code') ?? '', state: searchParams.get('state') ?? '' };
  }

  /** Revokes the user's authorizations, as on the page of authorized apps. */
  async revokeAuthorization(login: string): Promise<void> {
    await this.post('/oauth/revoke', { login });
  }

  /** True if the server accepts the user token. */
  async isGood(token: string): Promise<boolean> {
    const response = await fetch(`${this.origin}/api/v3/meta`, { headers: { authorization: `Bearer ${token}` } });
    return response.status !== 401;
  }

  private manifest(account: string, connectionId = 'none') {
    this.created += 1;
    const url = 'https://reunite.example';
    return {
      account,
      manifest: {
        ...{ name: `Reunite ${this.created}`, url, redirect_url: url },
        callback_urls: [CALLBACK_URL, `${CALLBACK_URL}/${connectionId}`],
        hook_attributes: { url: 'http://localhost:1/webhooks', active: false },
        default_permissions: { contents: 'write', metadata: 'read' },
        default_events: ['push'],
      },
    };
  }

  /** @param route method and path, as in {@link requests} */
  protected override pattern(route: string): string {
    const [method = '', path = ''] = route.split(' ');
    return `${method} ${ROUTES[path] ?? `/api/v3${path}`}`;
  }
}
