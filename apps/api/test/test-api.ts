import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { jobs } from '@reunite/contracts';
import type { Role } from '@reunite/contracts';
import { bridgeMigrations, migrate, UserActions } from '@reunite/database';
import { createLogger } from '@reunite/platform';
import type { IdentityFiles, RunningService } from '@reunite/platform';
import { JobWorkers, migrateQueueBackend, queueBackend } from '@reunite/queueing';
import type { JobHandlers } from '@reunite/queueing';
import { FakeVault } from '@reunite/testing';
import type { Caller } from '../src/auth/caller.js';
import type { TokenVerifier } from '../src/auth/token-verifier.js';
import { apiConfigSchema } from '../src/config.js';
import { openResources } from '../src/resources.js';
import type { ApiResources } from '../src/resources.js';
import { startApi } from '../src/start-api.js';

type Identities = Record<'api' | 'reunite-ui', IdentityFiles>;

export const PUBLIC_URL = 'http://localhost:4300';

interface CallOptions {
  readonly as?: string | null;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** The API on a real database and queue, with the users of the local stack and a fake vault. */
export class TestApi {
  readonly vault = new FakeVault();
  resources!: ApiResources;
  folder!: string;
  identities!: Identities;
  private databaseUrl!: string;
  private service!: RunningService;
  private workers: JobWorkers | undefined;
  private readonly tokens = new Map<string, string>();
  private readonly callers = new Map<string, Caller>();

  async start(
    databaseUrl: string,
    identities: (folder: string) => Promise<Identities>,
    environment: (folder: string) => Promise<Record<string, string>>,
  ): Promise<void> {
    this.databaseUrl = databaseUrl;
    this.folder = await mkdtemp(join(tmpdir(), 'reunite-api-'));
    this.identities = await identities(this.folder);
    const { api: tls } = this.identities;
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
      CONTENT_URL: pathToFileURL(join(this.folder, 'content')).href,
      PREVIEW_URL_TEMPLATE: 'http://{host}.preview.localhost:4400/',
      LOCAL_SIGN_IN: 'true',
      LOCAL_SIGN_IN_KEY_FILE: join(this.folder, 'sign-in.json'),
      ...(await environment(this.folder)),
    });
    const opened = await openResources(config, createLogger('api', config.LOG_LEVEL));
    opened.vault.close();
    const tokens = Object.create(opened.tokens) as TokenVerifier;
    tokens.verify = async (token) => this.callers.get(token) ?? opened.tokens.verify(token);
    this.resources = { ...opened, vault: this.vault, tokens };
    this.service = await startApi(config, this.resources);
    for (const user of ['ada', 'grace', 'mallory']) {
      const signedIn = await opened.localSignIn?.signIn(user);
      this.tokens.set(user, signedIn?.token ?? '');
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.service.port}`;
  }

  /** Adds a caller with these roles, who calls under this name. */
  addCaller(name: string, organizationId: string, roles: readonly Role[]): void {
    const ids = { subject: `test|${name}`, sessionId: `session of ${name}`, organizationId, organizationName: 'Test' };
    this.callers.set(`token.of.${name}`, { ...ids, name, roles, expiresAt: new Date(Date.now() + 3_600_000) });
    this.tokens.set(name, `token.of.${name}`);
  }

  tokenOf(user: string): string {
    return this.tokens.get(user) ?? '';
  }

  /** Calls as `ada` by default; redirects are not followed. */
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

  /** Works in the worker's place: the named jobs, or all, get their answers from `handle`, the others nothing. */
  async work(
    handle: (payload: Record<string, unknown>) => unknown,
    names: readonly string[] = Object.keys(jobs),
  ): Promise<void> {
    const answering = (answer: (payload: Record<string, unknown>) => unknown) => ({
      handle: (payload: Record<string, unknown>) => Promise.resolve(payload).then(answer),
    });
    const handlers = Object.keys(jobs).map((name) => [name, answering(names.includes(name) ? handle : () => null)]);
    const userActions = new UserActions(this.resources.dataSource);
    const settings = { concurrency: {}, userActions, onError: () => undefined };
    this.workers = await JobWorkers.start(
      queueBackend(this.databaseUrl),
      Object.fromEntries(handlers) as JobHandlers,
      settings,
    );
  }

  async stop(): Promise<void> {
    await this.workers?.close();
    await this.service.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
