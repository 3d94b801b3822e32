// The built system with one connected repository of many pages, on which bench `deploy` measures latencies. Everything is
// on loopback, with data in a temporary folder and free ports.
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

/** The running system. The caller stops it. */
export class DeployStack {
  /** @param signal aborts the start and all waits */
  static async start(folder, signal) {
    const ports = Object.fromEntries(portNames.map((name) => [name, 0]));
    // The simulator's debug log contains the time of each answer in ms. The services log nothing at this level here.
    const settings = { dataDir: join(folder, 'data'), ports, logLevel: 'debug', signal };
    const stack = await startLocalStack({ ...settings, onNotice: (text) => console.error(text) });
    return new DeployStack(folder, signal, stack, new SimulatorClient(stack.urls.simulator));
  }

  /** Stops the stack if this process exits early. */
  #atExit = () => this.stack.stopNow();

  constructor(folder, signal, stack, simulator) {
    Object.assign(this, { folder, signal, stack, simulator });
    process.once('exit', this.#atExit);
  }

  /** Connects and installs an app, pushes a repository, and creates a project with branch previews. */
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
    const finalStates = ['success', 'failed', 'timed_out'];
    const head = await this.clone.head();
    const first = await this.deployment(head, { ...soon, withinMs: 120_000 }, ({ state }) =>
      finalStates.includes(state),
    );
    if (first.state !== 'success') throw new Error(`The first deployment failed: ${first.reason}`);
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

  /** Waits for a deployment of a commit that satisfies a condition. */
  deployment(commit, pace, accept = () => true) {
    const newest = `/v1/projects/${this.project.id}/deployments?limit=3`;
    return eventually(async () => (await this.read(newest)).items.find((one) => one.commit === commit && accept(one)), {
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

  /** Webhook delivery attempts of the simulator. */
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
