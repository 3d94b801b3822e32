import { fetch } from 'undici';
import type { Dispatcher } from 'undici';
import { z } from 'zod';

const statusSchema = z.object({
  state: z.string(),
  context: z.string(),
  description: z.string().nullable(),
  target_url: z.string().nullable(),
});
export type CommitStatus = z.output<typeof statusSchema>;

const pullRequestSchema = z.object({
  title: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  draft: z.boolean(),
  merged: z.boolean(),
  base: z.object({ ref: z.string() }),
});

const appSchema = z.object({
  id: z.number(),
  slug: z.string(),
  permissions: z.record(z.string(), z.string()),
  hook: z.object({ url: z.string(), active: z.boolean(), hasSecret: z.boolean() }),
});

const credentialsSchema = z.object({
  id: z.number(),
  slug: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
  pem: z.string(),
});

const secretsSchema = z.array(z.object({ kind: z.string(), value: z.string() }));
export type KnownSecret = z.output<typeof secretsSchema>[number];

/** Access of a program to a server in a private network. */
export interface SimulatorAccess {
  readonly dispatcher: Dispatcher;
  /** Headers that its gateway requires. */
  readonly headers: Readonly<Record<string, string>>;
  /** Calls the control of a simulator that runs on another host, which answers callers on its own host only. */
  readonly control?: (method: string, path: string, body: unknown) => Promise<string>;
}

/** A client of the simulated server, signed in as octocat, to verify what the bridge did there. */
export class SimulatorClient {
  constructor(
    readonly url: string,
    private readonly access?: SimulatorAccess,
  ) {}

  /** Tunnels that the proxy in front of the server opened since its start. */
  async tunnels(): Promise<number> {
    return z.object({ tunnels: z.number() }).parse(await this.call('GET', '/_simulator/proxy')).tunnels;
  }

  /** Clone URL with credentials that allow pushes. */
  cloneUrl(repository: string): string {
    return `${this.url.replace('://', '://octocat:octocat-password@')}/${repository}.git`;
  }

  /** Statuses of a commit, oldest first. */
  async statuses(repository: string, commit: string): Promise<CommitStatus[]> {
    const path = `/api/v3/repos/${repository}/commits/${commit}/statuses?per_page=100`;
    return z
      .array(statusSchema)
      .parse(await this.call('GET', path))
      .reverse();
  }

  async openPullRequest(repository: string, head: string, title: string): Promise<number> {
    const answer = await this.call('POST', `/api/v3/repos/${repository}/pulls`, { title, head, base: 'main' });
    return z.object({ number: z.number() }).parse(answer).number;
  }

  async pullRequest(repository: string, number: number) {
    return pullRequestSchema.parse(await this.call('GET', `/api/v3/repos/${repository}/pulls/${number}`));
  }

  async closePullRequest(repository: string, number: number): Promise<void> {
    await this.call('PATCH', `/api/v3/repos/${repository}/pulls/${number}`, { state: 'closed' });
  }

  async renamePullRequest(repository: string, number: number, title: string): Promise<void> {
    await this.call('PATCH', `/api/v3/repos/${repository}/pulls/${number}`, { title });
  }

  async createRepository(owner: string, name: string): Promise<void> {
    await this.call('POST', '/_simulator/repositories', { owner, name });
  }

  async apps() {
    return z.array(appSchema).parse(await this.call('GET', '/_simulator/apps'));
  }

  /** Creates an app of acme on the server, as an owner would manually. @returns its credentials */
  async createApp(manifest: Record<string, unknown>) {
    return credentialsSchema.parse(await this.call('POST', '/_simulator/apps', { account: 'acme', manifest }));
  }

  async install(app: string, account: string): Promise<void> {
    await this.call('POST', '/_simulator/installations', { app, account });
  }

  async setPermissions(app: string, permissions: Readonly<Record<string, string>>): Promise<void> {
    await this.call('PUT', `/_simulator/apps/${app}/permissions`, { permissions });
  }

  /** Changes the webhook of an app on its settings page. */
  async setWebhookUrl(app: string, url: string): Promise<void> {
    await this.call('PUT', `/_simulator/apps/${app}/hook`, { url });
  }

  async newPrivateKey(app: string): Promise<string> {
    return z.object({ pem: z.string() }).parse(await this.call('POST', `/_simulator/apps/${app}/keys`)).pem;
  }

  async deletePrivateKeys(app: string): Promise<void> {
    await this.call('DELETE', `/_simulator/apps/${app}/keys`);
  }

  async newClientSecret(app: string): Promise<string> {
    const answer = await this.call('POST', `/_simulator/apps/${app}/client-secrets`);
    return z.object({ client_secret: z.string() }).parse(answer).client_secret;
  }

  /** All secrets that the server issued or received since its start. */
  async secrets(): Promise<KnownSecret[]> {
    return secretsSchema.parse(await this.call('GET', '/_simulator/secrets'));
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    if (this.access?.control && path.startsWith('/_simulator')) {
      const text = await this.access.control(method, path, body);
      return text === '' ? undefined : JSON.parse(text);
    }
    const authorization = `Basic ${Buffer.from('octocat:octocat-password').toString('base64')}`;
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        authorization,
        ...this.access?.headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(this.access && { dispatcher: this.access.dispatcher }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok)
      throw new Error(`The simulator answered ${answer.status} to ${method} ${path}: ${await answer.text()}`);
    const text = await answer.text();
    return text === '' ? undefined : JSON.parse(text);
  }
}
