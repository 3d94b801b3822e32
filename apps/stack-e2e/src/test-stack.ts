import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portNames, serviceNames, startLocalStack } from '@reunite/local-stack';
import type { LocalStack, Ports, Replicas } from '@reunite/local-stack';
import { startRedis, TraceReceiver } from '@reunite/testing';
import type { RunningRedis } from '@reunite/testing';
import { ApiClient } from './api.client.js';
import { Browser } from './browser.js';
import type { ContainerStack } from './containers/container-stack.js';
import type { Page } from './browser.js';
import { GitClone } from './git-clone.js';
import { PrivateServer } from './private-server.js';
import { stackSecrets } from './secrets/stack-secrets.js';
import { SimulatorClient } from './simulator.client.js';
import type { KnownSecret, SimulatorAccess } from './simulator.client.js';

export const queueKinds = ['postgres', 'redis'] as const;
export type QueueKind = (typeof queueKinds)[number];

export const serverKinds = ['open', 'private'] as const;
/** `private`: private authority, mutual TLS, proxy and gateway header, all at once. */
export type ServerKind = (typeof serverKinds)[number];

export interface TestStackOptions {
  /** Folder for screenshots of the documentation. */
  readonly screenshots?: string | undefined;
  /** Default: `open`. */
  readonly server?: ServerKind;
  /** Default: one process of each service. */
  readonly replicas?: Replicas | undefined;
  /** Executable of Node.js for the services. Default: the one of this process. */
  readonly node?: string | undefined;
}

/** Values that a step produces for later steps. */
interface Facts {
  readonly connectionId: string;
  /** An app that was created manually on the server, and its connection. */
  readonly ownApp: Awaited<ReturnType<SimulatorClient['createApp']>>;
  readonly ownConnectionId: string;
  readonly projectId: string;
  readonly productionUrl: string;
  readonly pullRequest: number;
  readonly previewUrl: string;
  /** The last commit that was pushed to main. */
  readonly head: string;
}

interface Running {
  readonly local: LocalStack;
  readonly api: ApiClient;
  readonly simulator: SimulatorClient;
}

const anyPorts = Object.fromEntries(portNames.map((name) => [name, 0])) as unknown as Ports;

/** A running local stack with temporary data and free ports, a browser and a clone, shared by all steps. */
export class TestStack {
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
    private readonly options: Omit<TestStackOptions, 'server'>,
    /** Receives the traces of all services. */
    readonly traces: TraceReceiver,
    /** Set if the server is in a private network. */
    readonly privateServer: PrivateServer | undefined,
    /** Set if the stack runs in containers. */
    private readonly containers?: ContainerStack,
  ) {}

  static async create(queue: QueueKind, options: TestStackOptions = {}): Promise<TestStack> {
    if (options.screenshots !== undefined) await mkdir(options.screenshots, { recursive: true });
    const home = await mkdtemp(join(tmpdir(), 'reunite-journey-'));
    // PostgreSQL runs as another user if this process is root, and must be able to enter the folder.
    await chmod(home, 0o755);
    const privateServer = options.server === 'private' ? await PrivateServer.create() : undefined;
    return new TestStack(home, queue, options, await TraceReceiver.start(), privateServer);
  }

  /** A stack in containers, for the steps that need no access to its processes and files. */
  static async inContainers(containers: ContainerStack): Promise<TestStack> {
    const home = await mkdtemp(join(tmpdir(), 'reunite-containers-journey-'));
    return new TestStack(home, 'redis', {}, await TraceReceiver.start(), undefined, containers);
  }

  async startStack(): Promise<void> {
    if (this.containers) {
      await this.containers.start();
      await this.use(this.containers, this.containers.access);
      return;
    }
    if (this.queue === 'redis') this.redis ??= await startRedis();
    const local = await startLocalStack({
      dataDir: join(this.home, 'data'),
      ports: this.ports,
      queueUrl: this.redis?.url,
      simulator: this.privateServer?.simulator,
      replicas: this.options.replicas,
      node: this.options.node,
      environment: this.traces.environment,
      onNotice: (text) => this.notices.push(text),
    });
    // The next start uses the same addresses.
    this.ports = local.ports;
    try {
      await this.use(local, await this.privateServer?.access(local.data.simulator));
    } catch (error) {
      await local.stop();
      throw error;
    }
  }

  private async use(local: LocalStack, access?: SimulatorAccess): Promise<void> {
    const api = await ApiClient.signIn(local.urls.api, 'ada');
    this.running = { local, api, simulator: new SimulatorClient(local.urls.simulator, access) };
  }

  /** Notices of the stack, e.g. about services that exited. */
  readonly notices: string[] = [];

  private readonly knownSecrets = new Map<string, string>();

  /**
   * All secrets so far: those that the server issued or received in all of its runs, the keys and passwords of the
   * stack, and states of flows in the browser.
   */
  async secrets(): Promise<KnownSecret[]> {
    const own = [
      ...(await stackSecrets(this.local.data)),
      ...this.api.secrets(),
      ...(this.browser?.secrets() ?? []),
      ...(this.privateServer?.secrets() ?? []),
    ];
    for (const { kind, value } of [...own, ...(await this.simulator.secrets())]) this.knownSecrets.set(value, kind);
    return [...this.knownSecrets].map(([value, kind]) => ({ kind, value }));
  }

  /** Set if the queue is on Redis. */
  get redisUrl(): string | undefined {
    return this.redis?.url;
  }

  async stopStack(): Promise<void> {
    // Collects the server's secrets before its process ends.
    if (this.running && !this.containers) await this.secrets().catch(() => undefined);
    // Containers may exist before the stack runs.
    await (this.running?.local ?? this.containers)?.stop();
    this.running = undefined;
  }

  async openBrowser(): Promise<void> {
    this.browser = await Browser.open({ ignoreCertificates: this.privateServer !== undefined });
  }

  get local(): LocalStack {
    return this.parts.local;
  }

  /** Address of webhook-ingest for this process; servers may use another one. */
  get ingestUrl(): string {
    return this.containers ? 'http://localhost:4310' : this.local.urls.ingest;
  }

  get api(): ApiClient {
    return this.parts.api;
  }

  get simulator(): SimulatorClient {
    return this.parts.simulator;
  }

  /** Signs in to the API as another user of the local stack. */
  signIn(user: string): Promise<ApiClient> {
    return ApiClient.signIn(this.local.urls.api, user);
  }

  /** The browser tab with the console. */
  get page(): Page {
    return this.opened.page;
  }

  /** Uncaught errors of pages. */
  get pageErrors(): readonly string[] {
    return this.browser?.errors ?? [];
  }

  /** Requests of the console to other origins, and messages about what its content security policy blocked. */
  get consoleTraffic(): ReturnType<Browser['trafficOf']> {
    return this.opened.trafficOf(new URL(this.local.urls.console).origin);
  }

  /** Uses the tab that `opens` opens, and closes it afterwards. */
  async inNewTab<Answer>(opens: () => Promise<unknown>, use: (tab: Page) => Promise<Answer>): Promise<Answer> {
    const tab = await this.opened.newTab(opens);
    try {
      return await use(tab);
    } finally {
      await tab.close();
    }
  }

  get clone(): GitClone {
    if (!this.docs) throw new Error('The repository is not cloned yet.');
    return this.docs;
  }

  async cloneDocs(): Promise<void> {
    this.docs = await this.cloneOf('acme/docs');
  }

  cloneOf(repository: string): Promise<GitClone> {
    const directory = join(this.home, repository.replaceAll('/', '-'));
    return GitClone.of(this.simulator.cloneUrl(repository), directory, this.privateServer?.gitEnvironment());
  }

  remember(facts: Partial<Facts>): void {
    Object.assign(this.facts, facts);
  }

  fact<Name extends keyof Facts>(name: Name): Facts[Name] {
    const value = this.facts[name];
    if (value === undefined) throw new Error(`No earlier step has set ${name}.`);
    return value;
  }

  /** Takes a screenshot for the documentation if `--screenshots` is set. */
  async screenshot(name: string, page = this.page): Promise<void> {
    const { screenshots } = this.options;
    if (screenshots !== undefined) await page.screenshot({ path: join(screenshots, `${name}.png`) });
  }

  /** Takes a screenshot and returns its path with the ends of the logs, to explain a failure. */
  async evidence(): Promise<string> {
    const screenshot = join(tmpdir(), `reunite-journey-failure-${process.pid}.png`);
    const lines = this.notices.map((notice) => `notice: ${notice}`);
    await this.browser?.page.screenshot({ path: screenshot }).then(
      () => lines.push(`screenshot: ${screenshot}`),
      (error: unknown) => lines.push(`no screenshot: ${String(error)}`),
    );
    for (const error of this.pageErrors) lines.push(`in the page: ${error}`);
    for (const service of this.running ? serviceNames : []) {
      const log = await this.local.logs(service, 6);
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
    this.traces.close();
    await rm(this.home, { recursive: true, force: true });
  }

  /** Kills the stack without waiting, for the exit of this process. */
  closeNow(): void {
    this.running?.local.stopNow();
  }

  private get parts(): Running {
    if (!this.running) throw new Error('The stack is not running.');
    return this.running;
  }

  private get opened(): Browser {
    if (!this.browser) throw new Error('No browser is open.');
    return this.browser;
  }
}
