import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { eventually } from './eventually.js';

const SCRIPT = resolve(import.meta.dirname, '../../../apps/ghes-simulator/dist/main.js');

export interface SimulatorOptions {
  /** The release to simulate, e.g. `3.17`. Default: the simulator's. */
  readonly version?: string;
  /** Checks every request, response and webhook against GitHub's OpenAPI descriptions. Default: false. */
  readonly check?: boolean;
  /** Generates a webhook secret in a manifest conversion. Default: true. */
  readonly conversionWebhookSecret?: boolean;
  /** Version of all answers of the REST API. Default: 2022-11-28. */
  readonly apiVersion?: '2022-11-28' | '2026-03-10';
}

/** A request that the simulator received. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly authorization: string | null;
  /** The parsed body; null for Git and for bodies over 64 KiB. */
  readonly body: Readonly<Record<string, unknown>> | null;
  /** Status of the answer; null while there is none. */
  readonly status: number | null;
  /** True if the client closed the connection before the answer. */
  readonly aborted: boolean;
}

/** A running GHES simulator. */
export interface RunningSimulator {
  /** The server's origin: web pages, Git and, under `/api/v3`, REST. */
  readonly url: string;
  /** The folder of the server's bare repositories, `<owner>/<name>.git`. Tests only read them. */
  readonly repositories: string;
  /**
   * Calls the simulator's control (`/_simulator`): seeding, faults, recorded requests, and what else no user of a real
   * server can do.
   *
   * @throws Error with the simulator's answer unless it is a success
   */
  control(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown>;
  /** The latest requests, in the order of their arrival. @param route e.g. `GET /api/v3/repos/*`; default: all */
  requests(route?: string): Promise<RecordedRequest[]>;
  /** Makes the next matching request, or the next `count`, meet a fault; see `apps/ghes-simulator/control.md`. */
  fault(route: string, fault: object): Promise<void>;
  /**
   * Pauses the next matching request.
   *
   * @param when before the server handles the request, or before it answers
   * @returns waits until a request is paused, runs `act`, and resumes the request
   */
  pause(route: string, when?: 'request' | 'answer'): Promise<(act: () => unknown) => Promise<void>>;
  /** Number of paused requests. */
  paused(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts the built simulator as a process, on a free port of loopback, with its data in a temporary folder.
 *
 * @throws Error with the simulator's log if it does not start, e.g. because it is not built
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const { version, apiVersion, check = false, conversionWebhookSecret = true } = options;
  const folder = await mkdtemp(join(tmpdir(), 'reunite-simulator-'));
  const flags = ['--port', '0', '--data', folder, '--check', String(check), '--log-level', 'error'];
  if (version !== undefined) flags.push('--ghes-version', version);
  if (apiVersion !== undefined) flags.push('--api-version', apiVersion);
  const child = spawn(process.execPath, [SCRIPT, ...flags], {
    env: { PATH: process.env['PATH'], HOME: folder, CONVERSION_WEBHOOK_SECRET: String(conversionWebhookSecret) },
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
  const control: RunningSimulator['control'] = (method, path, body) => callControl(url, method, path, body);
  const fault: RunningSimulator['fault'] = async (route, settings) => {
    await control('POST', '/faults', { route, ...settings });
  };
  const paused = async () => ((await control('GET', '/faults')) as { paused: number }).paused;
  return {
    url,
    repositories: join(folder, 'git'),
    control,
    fault,
    paused,
    requests: async (route = '* /*') =>
      (await control('GET', `/requests?${new URLSearchParams({ route }).toString()}`)) as RecordedRequest[],
    pause: async (route, when = 'request') => {
      await fault(route, { pause: when });
      return async (act) => {
        await eventually(async () => (await paused()) > 0, { what: `a request ${route}` });
        try {
          await act();
        } finally {
          await control('POST', '/faults/resume');
        }
      };
    },
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
