import { createHmac, randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portNames, startLocalStack } from '@reunite/local-stack';
import type { LocalStack, Ports } from '@reunite/local-stack';

const ANY_PORTS = Object.fromEntries(portNames.map((name) => [name, 0])) as unknown as Ports;

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The local stack with one connected app, as an input finds it. */
export class RunningStack {
  private constructor(
    private readonly folder: string,
    readonly stack: LocalStack,
    /** Session token of the owner of an organization. */
    readonly token: string,
    private readonly webhook: { readonly url: string; readonly secret: string; readonly appId: number },
    readonly connectionId: string,
  ) {}

  static async start(): Promise<RunningStack> {
    const folder = await mkdtemp(join(tmpdir(), 'reunite-fuzz-'));
    // PostgreSQL runs as another user when this runs as root.
    await chmod(folder, 0o755);
    const stack = await startLocalStack({ dataDir: join(folder, 'data'), ports: ANY_PORTS, onNotice: () => undefined });
    try {
      const token = await signIn(stack.urls.api);
      const { webhook, connectionId } = await connect(stack, token);
      return new RunningStack(folder, stack, token, webhook, connectionId);
    } catch (error) {
      await stack.stop();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.stack.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  request(method: string, path: string, body: string | null, contentType = 'application/json'): Promise<Answer> {
    return answerOf(this.stack.urls.api + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body !== null && { 'content-type': contentType }) },
      ...(body !== null && { body }),
    });
  }

  /** Delivers a webhook with a valid signature. */
  deliver(event: string, payload: string): Promise<Answer> {
    const { url, secret, appId } = this.webhook;
    return answerOf(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': event,
        'x-github-delivery': randomUUID(),
        'x-github-hook-installation-target-id': String(appId),
        'x-github-hook-installation-target-type': 'integration',
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(payload).digest('hex')}`,
      },
      body: payload,
    });
  }
}

async function answerOf(url: string, init: RequestInit): Promise<Answer> {
  const answer = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(60_000) });
  return { status: answer.status, text: await answer.text() };
}

async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/auth/local/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ user: 'ada' }),
  });
  const token = /=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1];
  if (!token) throw new Error(`Sign-in answered ${answer.status}.`);
  return token;
}

interface CreatedApp {
  readonly id: number;
  readonly slug: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly pem: string;
  readonly webhook_secret: string | null;
}

async function connect({ urls }: LocalStack, token: string) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const call = async (url: string, body?: object): Promise<unknown> => {
    const answer = await fetch(url, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const settings = (await call(`${urls.api}/v1/app-settings`)) as {
    readonly callbackUrl: string;
    readonly webhookUrl: string;
    readonly permissions: object;
    readonly events: string[];
  };
  const secret = randomUUID();
  const app = (await call(`${urls.simulator}/_simulator/apps`, {
    account: 'acme',
    manifest: {
      name: 'Fuzz',
      url: settings.callbackUrl,
      redirect_url: settings.callbackUrl,
      callback_urls: [settings.callbackUrl],
      hook_attributes: { url: settings.webhookUrl, active: true },
      default_permissions: settings.permissions,
      default_events: settings.events,
      public: false,
    },
  })) as CreatedApp;
  const connection = (await call(`${urls.api}/v1/connections/existing`, {
    name: 'Fuzz',
    serverUrl: urls.simulator,
    owner: 'acme',
    appId: app.id,
    clientId: app.client_id,
    clientSecret: app.client_secret,
    privateKey: app.pem,
    webhookSecret: secret,
  })) as { readonly id: string };
  await call(`${urls.simulator}/_simulator/installations`, { app: app.slug, account: 'acme' });
  return { webhook: { url: settings.webhookUrl, secret, appId: app.id }, connectionId: connection.id };
}
