import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const SCRIPT = resolve(import.meta.dirname, '../../../apps/ghes-simulator/dist/main.js');

export interface SimulatorOptions {
  /** The release to simulate, e.g. `3.17`. Default: the simulator's. */
  readonly version?: string;
  /** Checks every request, response and webhook against GitHub's OpenAPI descriptions. Default: false. */
  readonly check?: boolean;
}

/** A running GHES simulator. */
export interface RunningSimulator {
  /** The server's origin: web pages, Git and, under `/api/v3`, REST. */
  readonly url: string;
  /**
   * Calls the simulator's control (`/_simulator`): seeding, faults, recorded requests, and what else no user of a real
   * server can do.
   *
   * @throws Error with the simulator's answer unless it is a success
   */
  control(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Starts the built simulator as a process, on a free port of loopback, with its data in a temporary folder.
 *
 * @throws Error with the simulator's log if it does not start, e.g. because it is not built
 */
export async function startSimulator({ version, check = false }: SimulatorOptions = {}): Promise<RunningSimulator> {
  const folder = await mkdtemp(join(tmpdir(), 'reunite-simulator-'));
  const flags = ['--port', '0', '--data', folder, '--check', String(check), '--log-level', 'error'];
  if (version !== undefined) flags.push('--ghes-version', version);
  const child = spawn(process.execPath, [SCRIPT, ...flags], {
    env: { PATH: process.env['PATH'], HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = text(child.stderr);
  const url = await new Promise<string | null>((settle) => {
    createInterface(child.stdout).once('line', (line) => settle((JSON.parse(line) as { url: string }).url));
    child.once('exit', () => settle(null));
  });
  if (url === null) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`The simulator did not start. Is it built ("npx nx build ghes-simulator")? ${await log}`);
  }
  return {
    url,
    control: (method, path, body) => callControl(url, method, path, body),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function callControl(url: string, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${url}/_simulator${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const received = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${received}`);
  return received === '' ? null : JSON.parse(received);
}
