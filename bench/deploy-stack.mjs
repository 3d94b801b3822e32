// The built system with one connected repository of many pages, on which bench `deploy` measures latencies. Everything
// is on loopback, with data in a temporary folder and free ports.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectedUser, load, OWNER } from './connected-user.mjs';
import { writeSite } from './deploy-site.mjs';

const { eventually } = await load('libs/testing/dist/index.js');
const { portNames, startLocalStack } = await load('tools/local-stack/dist/index.js');
const { GitClone } = await load('apps/stack-e2e/dist/git-clone.js');
const { get } = await load('apps/stack-e2e/dist/http-request.js');
const { SimulatorClient } = await load('apps/stack-e2e/dist/simulator.client.js');

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
    await simulator.createRepository(OWNER, NAME);
    this.clone = await GitClone.of(simulator.cloneUrl(repository), join(this.folder, 'clone'));
    await writeSite(this.clone.directory, pages);
    await this.clone.push('main', 'index.md', '# Benchmark\n');
    const settings = { name: 'Benchmark', branchPreviews: { mode: 'all' } };
    this.user = await ConnectedUser.signIn(this.stack.urls.api, 'ada', simulator.url);
    this.project = await this.user.connect(NAME, settings, signal);
    const soon = { everyMs: 100, signal };
    const finalStates = ['success', 'failed', 'timed_out'];
    const head = await this.clone.head();
    const first = await this.deployment(head, { ...soon, withinMs: 120_000 }, ({ state }) =>
      finalStates.includes(state),
    );
    if (first.state !== 'success') throw new Error(`The first deployment failed: ${first.reason}`);
  }

  /** Waits for a deployment of a commit that satisfies a condition. */
  deployment(commit, pace, accept = () => true) {
    const newest = `/v1/projects/${this.project.id}/deployments?limit=3`;
    return eventually(
      async () => (await this.user.read(newest)).items.find((one) => one.commit === commit && accept(one)),
      {
        what: `a deployment of ${commit.slice(0, 7)}`,
        ...pace,
      },
    );
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
}
