import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bridgeMigrations, migrate } from '@reunite/database';
import { createLogger } from '@reunite/platform';
import type { RunningService } from '@reunite/platform';
import { migrateQueueBackend } from '@reunite/queueing';
import { apiConfigSchema } from '../src/config.js';
import { openResources } from '../src/resources.js';
import type { ApiResources } from '../src/resources.js';
import { startApi } from '../src/start-api.js';
import { FakeVault } from './fake-vault.js';

interface StandSettings {
  readonly databaseUrl: string;
  readonly tls: { readonly caFile: string; readonly certFile: string; readonly keyFile: string };
  readonly environment?: Record<string, string>;
}

export const PUBLIC_URL = 'http://localhost:4300';

interface CallOptions {
  readonly as?: string | null;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** The API on a real database and queue, with the people of the local stack, and a vault that keeps no credentials. */
export class ApiStand {
  readonly vault = new FakeVault();
  resources!: ApiResources;
  folder!: string;
  private service!: RunningService;
  private readonly tokens = new Map<string, string>();

  static async start(settings: StandSettings): Promise<ApiStand> {
    const stand = new ApiStand();
    const { databaseUrl, tls } = settings;
    stand.folder = await mkdtemp(join(tmpdir(), 'reunite-api-'));
    await migrate({ url: databaseUrl, schema: 'bridge', entities: [], migrations: bridgeMigrations });
    await migrateQueueBackend(databaseUrl);
    const config = apiConfigSchema.parse({
      LOG_LEVEL: 'fatal',
      PORT: '0',
      PUBLIC_URL,
      WEBHOOK_PUBLIC_URL: 'http://localhost:4310',
      DATABASE_URL: databaseUrl,
      QUEUE_URL: databaseUrl,
      VAULT_ADDRESS: 'localhost:1',
      TLS_CA_FILE: tls.caFile,
      TLS_CERT_FILE: tls.certFile,
      TLS_KEY_FILE: tls.keyFile,
      CONTENT_URL: pathToFileURL(join(stand.folder, 'content')).href,
      PREVIEW_URL_TEMPLATE: 'http://{host}.preview.localhost:4400/',
      LOCAL_SIGN_IN: 'true',
      LOCAL_SIGN_IN_KEY_FILE: join(stand.folder, 'sign-in.json'),
      ...settings.environment,
    });
    const opened = await openResources(config, createLogger('api', config.LOG_LEVEL));
    opened.vault.close();
    stand.resources = { ...opened, vault: stand.vault };
    stand.service = await startApi(config, stand.resources);
    for (const user of ['ada', 'grace', 'mallory']) {
      const signedIn = await opened.localSignIn?.signIn(user);
      stand.tokens.set(user, signedIn?.token ?? '');
    }
    return stand;
  }

  get url(): string {
    return `http://127.0.0.1:${this.service.port}`;
  }

  tokenOf(user: string): string {
    return this.tokens.get(user) ?? '';
  }

  /** Calls as `ada` unless told; redirects are not followed. */
  async call(method: string, path: string, { as = 'ada', body, headers = {} }: CallOptions = {}): Promise<Response> {
    const sent = new Headers(headers);
    if (as !== null) sent.set('authorization', `Bearer ${this.tokenOf(as)}`);
    if (body !== undefined) sent.set('content-type', 'application/json');
    const init: RequestInit = { method, headers: sent, redirect: 'manual' };
    if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(`${this.url}${path}`, init);
  }

  async json(method: string, path: string, options: CallOptions = {}): Promise<Record<string, unknown>> {
    return (await (await this.call(method, path, options)).json()) as Record<string, unknown>;
  }

  async stop(): Promise<void> {
    await this.service.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
