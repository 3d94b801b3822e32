// The whole system, started from what was built, and one connected repository of many pages: what the latencies of bench
// `deploy` are measured on. Everything is on loopback, with data in a temporary folder and ports that are free.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSite } from './deploy-site.mjs';

export const load = (path) => import(new URL(`../${path}`, import.meta.url).href);
const { eventually } = await load('libs/testing/dist/index.js');
const { portNames, startLocalStack } = await load('tools/local-stack/dist/index.js');
const { ApiClient } = await load('apps/stack-e2e/dist/api.client.js');
const { GitClone } = await load('apps/stack-e2e/dist/git-clone.js');
const { get } = await load('apps/stack-e2e/dist/http-request.js');
const { SimulatorClient } = await load('apps/stack-e2e/dist/simulator.client.js');

const OWNER = 'acme';
const NAME = 'bench';
export const repository = `${OWNER}/${NAME}`;

/** The running system. Whoever has it stops it. */
export class DeployStack {
  /** @param signal ends a start, and every wait afterwards */
  static async start(folder, signal) {
    const ports = Object.fromEntries(portNames.map((name) => [name, 0]));
    // The simulator's debug lines tell to the millisecond when it answered what; the services have none on this way.
    const settings = { dataDir: join(folder, 'data'), ports, logLevel: 'debug', signal };
    const stack = await startLocalStack({ ...settings, onNotice: (text) => console.error(text) });
    return new DeployStack(folder, signal, stack, new SimulatorClient(stack.urls.simulator));
  }

  /** Should this process end by a fault, what it started ends as well. */
  #atExit = () => this.stack.stopNow();

  constructor(folder, signal, stack, simulator) {
    Object.assign(this, { folder, signal, stack, simulator });
    process.once('exit', this.#atExit);
  }

  /** An app made at the server, connected and installed; a repository, pushed, with a project that previews branches. */
  async connect(pages) {
    const { simulator, signal } = this;
    this.api = await ApiClient.signIn(this.stack.urls.api, 'ada');
    await simulator.createRepository(OWNER, NAME);
    this.clone = await GitClone.of(simulator.cloneUrl(repository), join(this.folder, 'clone'));
    await writeSite(this.clone.directory, pages);
    await this.clone.push('main', 'index.md', '# Benchmark\n');
    const connection = await this.addApp();
    const soon = { everyMs: 100, withinMs: 60_000, signal };
    const repositories = `/v1/connections/${connection.id}/repositories?owner=${OWNER}&search=${NAME}`;
    const { id: repositoryId } = await eventually(
      async () => (await this.read(repositories)).items.find(({ name }) => name === NAME),
      { what: 'the repository is listed', ...soon },
    );
    const project = { repositoryId, name: 'Benchmark', productionBranch: 'main', branchPreviews: { mode: 'all' } };
    this.project = await this.create('/v1/projects', project);
    const ended = ['success', 'failed', 'timed_out'];
    const head = await this.clone.head();
    const first = await this.deployment(head, { ...soon, withinMs: 120_000 }, ({ state }) => ended.includes(state));
    if (first.state !== 'success') throw new Error(`The first deployment ended: ${first.reason}`);
  }

  async addApp() {
    const { callbackUrl, webhookUrl, permissions, events } = await this.read('/v1/app-settings');
    const app = await this.simulator.createApp({
      name: 'Benchmark',
      url: callbackUrl,
      redirect_url: callbackUrl,
      callback_urls: [callbackUrl],
      hook_attributes: { url: webhookUrl, active: true },
      default_permissions: permissions,
      default_events: events,
      public: false,
    });
    const credentials = { clientId: app.client_id, clientSecret: app.client_secret, privateKey: app.pem };
    const connection = await this.create('/v1/connections/existing', {
      name: 'Benchmark',
      serverUrl: this.simulator.url,
      owner: OWNER,
      appId: app.id,
      ...credentials,
    });
    await this.simulator.install(app.slug, OWNER);
    return connection;
  }

  /** The deployment of a commit, when there is one that is as wanted. */
  deployment(commit, pace, wanted = () => true) {
    const newest = `/v1/projects/${this.project.id}/deployments?limit=3`;
    return eventually(async () => (await this.read(newest)).items.find((one) => one.commit === commit && wanted(one)), {
      what: `a deployment of ${commit.slice(0, 7)}`,
      ...pace,
    });
  }

  /** A page of a deployment's preview. */
  preview({ id }, path) {
    const origin = this.stack.urls.previewUrlTemplate.replace('{host}', id.replace('_', '-'));
    return get(new URL(path, origin).href);
  }

  /** The lines of the simulator's log. */
  async log() {
    const text = await readFile(join(this.stack.data.logs, 'ghes-simulator.log'), 'utf8');
    return text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  }

  /** Attempts of the simulator to deliver a webhook. */
  async deliveries() {
    return (await fetch(`${this.simulator.url}/_simulator/deliveries`)).json();
  }

  async stop() {
    await this.stack.stop();
    process.off('exit', this.#atExit);
  }

  async read(path) {
    return answered(path, await this.api.get(path));
  }

  async create(path, body) {
    return answered(path, await this.api.send('POST', path, body));
  }
}

async function answered(path, answer) {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
