import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const script = resolve(import.meta.dirname, '../../ghes-simulator/dist/main.js');
const readySchema = z.object({ ready: z.literal(true), url: z.string() });

const reportSchema = z.object({
  enabled: z.literal(true),
  description: z.string(),
  requests: z.number(),
  responses: z.number(),
  webhooks: z.number(),
  graphql: z.number(),
  operations: z.record(z.string(), z.record(z.string(), z.number())),
  events: z.record(z.string(), z.number()),
  violations: z.array(
    z.object({
      kind: z.string(),
      operation: z.string(),
      status: z.number().optional(),
      example: z.string().optional(),
      faults: z.array(z.string()),
    }),
  ),
});

/** What the simulator held against GitHub's descriptions, and what did not hold. */
export type SimulatorReport = z.output<typeof reportSchema>;

/** A simulator of its own: any free port, an empty folder, the check on. */
export class SimulatorProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  static async start(version: string): Promise<SimulatorProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'reunite-conformance-'));
    const flags = ['--port', '0', '--data', folder, '--ghes-version', version, '--check', 'true'];
    const child = spawn(process.execPath, [script, ...flags, '--log-level', 'error'], {
      env: { PATH: process.env['PATH'], HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const problems = text(child.stderr);
    const url = await new Promise<string | undefined>((settle) => {
      createInterface(child.stdout).once('line', (line) => settle(readySchema.parse(JSON.parse(line)).url));
      child.once('exit', () => settle(undefined));
    });
    if (url !== undefined) return new SimulatorProcess(child, folder, url);
    await rm(folder, { recursive: true, force: true });
    throw new Error(`The simulator did not start: ${await problems}`);
  }

  /** What no user of a real server could do. */
  async control<T>(method: 'GET' | 'POST' | 'PUT', path: string, schema: z.ZodType<T>, body?: object): Promise<T> {
    const answer = await fetch(`${this.url}/_simulator${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${await answer.text()}`);
    return schema.parse(await answer.json());
  }

  async tell(path: string, body: object, method: 'POST' | 'PUT' = 'POST'): Promise<void> {
    await this.control(method, path, z.unknown(), body);
  }

  report(): Promise<SimulatorReport> {
    return this.control('GET', '/conformance', reportSchema);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await exited;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
