import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { VaultConfig } from '../src/config.js';

/** Built before the tests run. */
const program = (name: 'main' | 'cli') => fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url));

/** A real process of the vault or of its command, to be killed. */
export function spawnVault(name: 'main' | 'cli', args: readonly string[], config: VaultConfig) {
  const env = {
    ...{ PORT: '0', LOG_LEVEL: 'error', DATABASE_URL: config.DATABASE_URL, KEK_URL: config.KEK_URL },
    ...{ GHES_ALLOWED_CIDRS: '127.0.0.0/8', GHES_ALLOW_INSECURE_HTTP: 'true' },
    ...{ TLS_CA_FILE: config.TLS_CA_FILE, TLS_CERT_FILE: config.TLS_CERT_FILE, TLS_KEY_FILE: config.TLS_KEY_FILE },
  };
  return spawn(process.execPath, [program(name), ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The first line that the process writes. */
export async function firstLine(child: ReturnType<typeof spawnVault>): Promise<string> {
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return line;
}

export async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
