import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { freePort } from './free-port.js';

export interface RunningRedis {
  readonly url: string;
  stop(): Promise<void>;
}

export interface RedisOptions {
  /** Default: a free port. */
  readonly port?: number;
  /** Access control list. Default: the user `default` may do everything. */
  readonly aclFile?: string;
  /** Folder with `ca.pem`, `cert.pem` and `key.pem`: serves TLS only, and its URL is `rediss://`. Default: no TLS. */
  readonly tlsFolder?: string;
}

/**
 * Starts a redis-server on loopback with the settings that BullMQ requires (`noeviction`).
 *
 * @throws Error if `redis-server` is missing or exits
 */
export async function startRedis({ port: chosen, aclFile, tlsFolder }: RedisOptions = {}): Promise<RunningRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'reunite-redis-'));
  const port = chosen ?? (await freePort());
  const ports = tlsFolder === undefined ? ['--port', String(port)] : tlsFlags(port, tlsFolder);
  const args = [...ports, '--bind', '127.0.0.1', '--dir', directory, '--save', '', '--appendonly', 'no'];
  if (aclFile !== undefined) args.push('--aclfile', aclFile);
  const server = spawn('redis-server', [...args, '--maxmemory-policy', 'noeviction'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    let output = '';
    server.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`redis-server did not start:\n${output}`)));
    server.once('error', (cause) =>
      reject(new Error('redis-server is missing. Install it: apt-get install redis-server', { cause })),
    );
  });
  return {
    url: `${tlsFolder === undefined ? 'redis' : 'rediss'}://127.0.0.1:${port}`,
    stop: async () => {
      const exited = server.exitCode === null ? once(server, 'exit') : Promise.resolve();
      server.kill('SIGTERM');
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** As in docker-compose.yml. */
function tlsFlags(port: number, folder: string): string[] {
  const files = { 'ca-cert': 'ca', cert: 'cert', key: 'key' };
  return [
    ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no', '--tls-protocols', 'TLSv1.3'],
    ...Object.entries(files).flatMap(([name, file]) => [`--tls-${name}-file`, join(folder, `${file}.pem`)]),
  ];
}
