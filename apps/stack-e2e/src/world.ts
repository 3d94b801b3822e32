import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portNames, serviceNames, startLocalStack } from '@reunite/local-stack';
import type { LocalStack, Ports } from '@reunite/local-stack';
import { startRedis } from '@reunite/testing';
import type { RunningRedis } from '@reunite/testing';
import { ApiClient } from './api.client.js';
import { Browser } from './browser.js';
import type { Page } from './browser.js';
import { GitClone } from './git-clone.js';
import { ownSecrets } from './secrets/own-secrets.js';
import { SimulatorClient } from './simulator.client.js';
import type { GivenSecret } from './simulator.client.js';

export const queueKinds = ['postgres', 'redis'] as const;
export type QueueKind = (typeof queueKinds)[number];

/** What one step learns and a later one needs. */
interface Facts {
  readonly connectionId: string;
  /** An app that was made by hand, and its provider. */
  readonly ownApp: Awaited<ReturnType<SimulatorClient['createApp']>>;
  readonly ownConnectionId: string;
  readonly projectId: string;
  readonly productionUrl: string;
  readonly pullRequest: number;
  readonly previewUrl: string;
  /** Head of main as the person pushed it last. */
  readonly head: string;
}

interface Running {
  readonly stack: LocalStack;
  readonly api: ApiClient;
  readonly simulator: SimulatorClient;
}

const anyPorts = Object.fromEntries(portNames.map((name) => [name, 0])) as unknown as Ports;

/** Everything that the steps of a journey share: a stack with data and ports of its own, a browser, a clone. */
export class World {
  private readonly facts: Partial<Facts> = {};
  private running: Running | undefined;
  private ports = anyPorts;
  private redis: RunningRedis | undefined;
  private browser: Browser | undefined;
  private docs: GitClone | undefined;
  private stopped = false;

  private constructor(
    private readonly home: string,
    private readonly queue: QueueKind,
    private readonly pictures: string | undefined,
  ) {}

  static async create(queue: QueueKind, pictures?: string): Promise<World> {
    if (pictures !== undefined) await mkdir(pictures, { recursive: true });
    const home = await mkdtemp(join(tmpdir(), 'reunite-journey-'));
    // Run by root, PostgreSQL is another user, who has to get in.
    await chmod(home, 0o755);
    return new World(home, queue, pictures);
  }

  async startStack(): Promise<void> {
    if (this.queue === 'redis') this.redis ??= await startRedis();
    const stack = await startLocalStack({
      dataDir: join(this.home, 'data'),
      ports: this.ports,
      queueUrl: this.redis?.url,
      onNotice: (text) => this.notices.push(text),
    });
    // A stack that starts again on the same data keeps its addresses.
    this.ports = stack.ports;
    try {
      const api = await ApiClient.signIn(stack.urls.api, 'ada');
      this.running = { stack, api, simulator: new SimulatorClient(stack.urls.simulator) };
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  /** What the stack reported while it ran: services that died. */
  readonly notices: string[] = [];

  private readonly given = new Map<string, string>();

  /**
   * Every secret that exists or existed: what the server has given out or was shown, over all of its runs, the stack's own
   * keys and passwords, and what is on its way in the browser.
   */
  async secrets(): Promise<GivenSecret[]> {
    const own = [...(await ownSecrets(this.stack.data)), ...this.api.secrets(), ...(this.browser?.secrets() ?? [])];
    for (const { kind, value } of [...own, ...(await this.simulator.secrets())]) this.given.set(value, kind);
    return [...this.given].map(([value, kind]) => ({ kind, value }));
  }

  /** Of the queue, where it is on Redis. */
  get redisUrl(): string | undefined {
    return this.redis?.url;
  }

  async stopStack(): Promise<void> {
    // The server forgets them with its process. A journey that failed has other worries.
    if (this.running) await this.secrets().catch(() => undefined);
    await this.running?.stack.stop();
    this.running = undefined;
  }

  async openBrowser(): Promise<void> {
    this.browser = await Browser.open();
  }

  get stack(): LocalStack {
    return this.parts.stack;
  }

  get api(): ApiClient {
    return this.parts.api;
  }

  get simulator(): SimulatorClient {
    return this.parts.simulator;
  }

  /** The API as another of the local stack's people. */
  signIn(user: string): Promise<ApiClient> {
    return ApiClient.signIn(this.stack.urls.api, user);
  }

  /** The tab with the console. */
  get page(): Page {
    return this.opened.page;
  }

  /** Problems that pages had without showing them. */
  get pageErrors(): readonly string[] {
    return this.browser?.errors ?? [];
  }

  /** What opens in a new tab by this; the tab is closed after use. */
  async inNewTab<Answer>(opens: () => Promise<unknown>, use: (tab: Page) => Promise<Answer>): Promise<Answer> {
    const tab = await this.opened.newTab(opens);
    try {
      return await use(tab);
    } finally {
      await tab.close();
    }
  }

  get clone(): GitClone {
    if (!this.docs) throw new Error('Nothing is cloned yet.');
    return this.docs;
  }

  async cloneDocs(): Promise<void> {
    this.docs = await this.cloneOf('acme/docs');
  }

  cloneOf(repository: string): Promise<GitClone> {
    return GitClone.of(this.simulator.cloneUrl(repository), join(this.home, repository.replaceAll('/', '-')));
  }

  know(facts: Partial<Facts>): void {
    Object.assign(this.facts, facts);
  }

  known<Name extends keyof Facts>(name: Name): Facts[Name] {
    const value = this.facts[name];
    if (value === undefined) throw new Error(`No step before has told ${name}.`);
    return value;
  }

  /** A picture for the documentation, where somebody wants them. */
  async picture(name: string, page = this.page): Promise<void> {
    if (this.pictures !== undefined) await page.screenshot({ path: join(this.pictures, `${name}.png`) });
  }

  /** What helps to understand a failure: a picture of the console, and the ends of the logs. */
  async evidence(): Promise<string> {
    const picture = join(tmpdir(), `reunite-journey-failure-${process.pid}.png`);
    const lines = this.notices.map((notice) => `notice: ${notice}`);
    await this.browser?.page.screenshot({ path: picture }).then(
      () => lines.push(`screenshot: ${picture}`),
      (error: unknown) => lines.push(`no screenshot: ${String(error)}`),
    );
    for (const error of this.pageErrors) lines.push(`in the page: ${error}`);
    for (const service of this.running ? serviceNames : []) {
      const log = await this.stack.logs(service, 6);
      lines.push(`-- ${service}`, ...log.map((line) => `   ${line}`));
    }
    return lines.join('\n');
  }

  async close(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    await this.browser?.close();
    await this.stopStack();
    await this.redis?.stop();
    await rm(this.home, { recursive: true, force: true });
  }

  /** Without waiting, for the last moment of this process. */
  closeNow(): void {
    this.running?.stack.stopNow();
  }

  private get parts(): Running {
    if (!this.running) throw new Error('The stack does not run.');
    return this.running;
  }

  private get opened(): Browser {
    if (!this.browser) throw new Error('No browser is open.');
    return this.browser;
  }
}
