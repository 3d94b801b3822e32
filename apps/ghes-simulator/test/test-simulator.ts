import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SignJWT, importPKCS8 } from 'jose';
import { createPrivateKey } from 'node:crypto';
import type { ConformanceReport, Violation } from '../src/conformance/conformance.js';
import { readConfig } from '../src/config.js';
import { createSimulator, type Simulator, type SimulatorOptions } from '../src/simulator.js';
import { Browser } from './browser.js';
import type { Fields } from './fields.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Fields;
}

export interface AppCredentials {
  readonly id: number;
  readonly slug: string;
  readonly pem: string;
  readonly webhook_secret: string;
}

const run = promisify(execFile);

/** Value of an `Authorization` header. */
export const octocat = `Basic ${Buffer.from('octocat:octocat-password').toString('base64')}`;

/** A simulator on a free port with a temporary folder, used over HTTP and with Git. */
export class TestSimulator {
  private constructor(
    private simulator: Simulator,
    readonly folder: string,
    private readonly options: Partial<SimulatorOptions>,
  ) {}

  static async start(options: Partial<SimulatorOptions> = {}): Promise<TestSimulator> {
    const folder = await mkdtemp(join(tmpdir(), 'ghes-simulator-'));
    return new TestSimulator(await launch(join(folder, 'data'), options), folder, options);
  }

  get url(): string {
    return this.simulator.url;
  }

  get proxyUrl(): string {
    return this.simulator.proxyUrl ?? '';
  }

  async restart(): Promise<void> {
    await this.simulator.close();
    this.simulator = await launch(join(this.folder, 'data'), this.options);
  }

  /** Violations of GitHub's descriptions so far. */
  async violations(): Promise<Violation[]> {
    const response = await fetch(`${this.url}/_simulator/conformance`);
    // Absent if the check is disabled.
    return ((await response.json()) as Partial<ConformanceReport>).violations ?? [];
  }

  /** Stops the server without checking for violations. */
  async close(): Promise<void> {
    await this.simulator.close();
    await rm(this.folder, { recursive: true });
  }

  /** Stops the server. @throws Error if a request, answer or webhook violated GitHub's descriptions */
  async stop(): Promise<void> {
    const violations = await this.violations();
    await this.close();
    if (violations.length > 0)
      throw new Error(`Violations of GitHub's descriptions: ${JSON.stringify(violations, null, 1)}`);
  }

  async send(method: string, path: string, authorization?: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: JSON.parse(text === '' ? '{}' : text) as Fields,
    };
  }

  api(method: string, path: string, authorization?: string, body?: unknown): Promise<Answer> {
    return this.send(method, `/api/v3${path}`, authorization, body);
  }

  async control(path: string, body?: unknown): Promise<Fields> {
    const answer = await this.send('POST', `/_simulator${path}`, undefined, body ?? {});
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Waits until every webhook has been answered. */
  async settle(): Promise<void> {
    await this.control('/deliveries/settle');
  }

  /** Runs Git without user configuration and password prompts. */
  async git(cwd: string, ...args: string[]): Promise<string> {
    const env = {
      PATH: searchPath(),
      HOME: this.folder,
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.com',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.com',
    };
    return (await run('git', args, { cwd, env })).stdout.trim();
  }

  /** Clone URL of a repository with credentials. */
  cloneUrl(name: string, credentials = 'octocat:octocat-password'): string {
    return `${this.url.replace('://', `://${credentials}@`)}/${name}.git`;
  }

  async clone(name: string, credentials?: string): Promise<string> {
    const folder = await mkdtemp(join(this.folder, 'clone-'));
    await this.git(folder, 'clone', '--quiet', this.cloneUrl(name, credentials), '.');
    return folder;
  }

  /** Writes a file and commits it; returns the commit. */
  async commit(clone: string, path: string, content: string): Promise<string> {
    await writeFile(join(clone, path), content);
    await this.git(clone, 'add', '--all');
    await this.git(clone, 'commit', '--quiet', '--message', `Change ${path}`);
    return this.git(clone, 'rev-parse', 'HEAD');
  }

  /** Runs the manifest flow with a browser and the API. */
  async createApp(manifest: Record<string, unknown> = {}, login = 'octocat', org = 'acme'): Promise<AppCredentials> {
    const browser = new Browser(this.url);
    await browser.signIn(login);
    const target = await browser.createApp(org, { ...standardManifest, ...manifest }, 'xyz');
    const answer = await this.api('POST', `/app-manifests/${target.searchParams.get('code') ?? ''}/conversions`);
    return answer.body as unknown as AppCredentials;
  }

  async install(slug: string, account = 'acme', repositories: 'all' | string[] = 'all'): Promise<number> {
    return (await this.control('/installations', { app: slug, account, repositories })).id;
  }

  async mint(app: AppCredentials, installation: number, body: unknown = {}): Promise<Answer> {
    return this.api('POST', `/app/installations/${installation}/access_tokens`, await jwt(app), body);
  }

  async token(app: AppCredentials, installation: number, body: unknown = {}): Promise<string> {
    const answer = await this.mint(app, installation, body);
    return `Bearer ${answer.body.token}`;
  }
}

export const standardManifest = {
  name: 'Docs bridge',
  url: 'https://docs.example',
  redirect_url: 'https://docs.example/callback',
  default_permissions: { contents: 'write', pull_requests: 'write', statuses: 'write' },
  default_events: ['push', 'create', 'delete', 'pull_request'],
};

export async function jwt(
  app: { id: number; pem: string },
  claims: { iat?: number; exp?: number } = {},
): Promise<string> {
  const pkcs8 = createPrivateKey(app.pem).export({ type: 'pkcs8', format: 'pem' }).toString();
  const now = Math.floor(Date.now() / 1000);
  const signed = await new SignJWT({ iat: now - 60, exp: now + 540, ...claims })
    .setIssuer(String(app.id))
    .setProtectedHeader({ alg: 'RS256' })
    .sign(await importPKCS8(pkcs8, 'RS256'));
  return `Bearer ${signed}`;
}

function searchPath(): string {
  const result = readConfig([]);
  if (!result.ok) throw new Error(result.faults.join());
  return result.config.PATH;
}

function launch(dataFolder: string, options: Partial<SimulatorOptions>): Promise<Simulator> {
  return createSimulator({
    port: 0,
    host: '127.0.0.1',
    dataFolder,
    version: '3.19.0',
    privateMode: false,
    conversionWebhookSecret: true,
    check: true,
    gitBinary: 'git',
    searchPath: searchPath(),
    ...options,
  });
}
