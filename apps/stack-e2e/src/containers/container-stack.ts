import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalStack } from '@reunite/local-stack';
import { eventually } from '@reunite/testing';
import { Agent } from 'undici';
import type { SimulatorAccess } from '../simulator.client.js';
import type { Engine } from './engine.js';

const START_MS = 180_000;
const READY_MS = 60_000;
/** Reads the control of the simulator inside its container: it answers loopback callers only. */
const CONTROL_SCRIPT = `
  const [method, path, body] = process.argv.slice(1);
  const init = body ? { method, body, headers: { 'content-type': 'application/json' } } : { method };
  const answer = await fetch('http://localhost:4500' + path, init);
  if (!answer.ok) throw new Error(answer.status + ' ' + (await answer.text()));
  process.stdout.write(await answer.text());`;

/** The stack of docker-compose.yml with the profile `local`, for the steps of the journey. */
export class ContainerStack implements LocalStack {
  readonly urls = {
    console: 'http://localhost:4300',
    api: 'http://localhost:4300',
    // Servers reach it by its name in the network of the containers.
    ingest: 'http://webhook-ingest:4310',
    simulator: 'http://ghes.localhost:4500',
    previewHost: 'http://localhost:4400',
    previewUrlTemplate: 'http://{host}.preview.localhost:4400/',
  };

  constructor(private readonly engine: Engine) {}

  /** Starts everything. Resolves when all services are healthy. */
  async start(): Promise<void> {
    await this.engine.compose('up', '--detach', '--no-build');
    await eventually(async () => (await this.unhealthy()).length === 0, {
      what: 'all containers are healthy',
      withinMs: START_MS,
    });
  }

  /** Services that run without an end, in the order of the compose file. */
  async services(): Promise<string[]> {
    const names = (await this.engine.compose('config', '--services')).split('\n').map((name) => name.trim());
    return names.filter((name) => name !== '' && !/^(?:setup|provision|migrate-.*)$/.test(name));
  }

  /** Kills a container like a crash, starts it again, and waits until it is healthy. */
  async killAndStart(service: string): Promise<void> {
    const container = await this.engine.containerOf(service);
    await this.engine.docker('kill', '--signal', 'KILL', container);
    // Engines do not restart a container that was killed through them.
    await this.engine.docker('start', container);
    await eventually(() => this.isHealthy(container), { what: `${service} is healthy again`, withinMs: READY_MS });
  }

  /** Time from the start of a container to the line `ready` in its log, in seconds. Health checks run at intervals only. */
  async secondsToReady(service: string): Promise<number> {
    const container = await this.engine.containerOf(service);
    const startedAt = await this.engine.docker('inspect', '--format', '{{.State.StartedAt}}', container);
    const log = await this.engine.docker('logs', '--timestamps', '--tail', '500', container);
    const readyLine = log.split('\n').findLast((line) => line.includes('"ready":true'));
    if (readyLine === undefined) throw new Error(`${service} has not reported that it is ready.`);
    return (Date.parse(readyLine.split(' ')[0] ?? '') - Date.parse(startedAt)) / 1_000;
  }

  /**
   * Copies all data with deploy/backup.sh, removes the stack with its volumes, restores the copy, and starts the stack.
   */
  async backUpAndRestore(): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'reunite-backup-'));
    const folders = [join(folder, 'data'), join(folder, 'keys')];
    try {
      await this.engine.compose('stop', '--timeout', '15');
      await this.engine.backUp('backup', folders);
      await this.stop();
      await this.engine.backUp('restore', folders);
      await this.start();
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  /** Values in the environment of a container. */
  async environmentOf(service: string): Promise<string[]> {
    const text = await this.engine.docker(
      'inspect',
      '--format',
      '{{json .Config.Env}}',
      await this.engine.containerOf(service),
    );
    return JSON.parse(text) as string[];
  }

  readonly access: SimulatorAccess = {
    // The resolver of this machine may not know names below `localhost`.
    dispatcher: new Agent({
      connect: { lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) },
    }),
    headers: {},
    control: async (method, path, body) => {
      const container = await this.engine.containerOf('ghes-simulator');
      const text = body === undefined ? [] : [JSON.stringify(body)];
      const node = ['node', '--input-type=module', '--eval', CONTROL_SCRIPT, '--', method, path, ...text];
      return this.engine.docker('exec', container, ...node);
    },
  };

  /** Removes the containers, the networks and all data. */
  async stop(): Promise<void> {
    await this.engine.compose('down', '--volumes', '--timeout', '15');
  }

  stopNow(): void {
    // Nothing runs in this process.
  }

  async logs(service: string, lines = 20): Promise<string[]> {
    return (await this.engine.compose('logs', '--no-color', '--tail', String(lines), service)).split('\n');
  }

  get data(): never {
    throw new Error('The data of containers is in volumes.');
  }

  get ports(): never {
    throw new Error('The ports of containers are those of the compose file.');
  }

  async kill(service: string): Promise<void> {
    await this.killAndStart(service);
  }

  migrate(): never {
    throw new Error('`compose up` runs the migrations of containers.');
  }

  killPostgres(): never {
    throw new Error('Kill the container of the service postgres.');
  }

  async restart(service: string): Promise<void> {
    await this.killAndStart(service);
  }

  private async unhealthy(): Promise<string[]> {
    const services = await this.services();
    const states = await Promise.all(
      services.map(async (service) => this.isHealthy(await this.engine.containerOf(service)).catch(() => false)),
    );
    return services.filter((_service, index) => !states[index]);
  }

  private async isHealthy(container: string): Promise<boolean> {
    return (await this.engine.docker('inspect', '--format', '{{.State.Health.Status}}', container)) === 'healthy';
  }
}
