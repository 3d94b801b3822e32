import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalStackError } from './local-stack.error.js';
import { serviceEnvironments } from './services.js';
import type { ServiceSurroundings } from './services.js';

const run = promisify(execFile);

/** Brings both scopes of the database up to date: the vault's own, and that of all others. */
export async function migrateDatabases(around: ServiceSurroundings): Promise<void> {
  const environments = serviceEnvironments(around);
  await Promise.all((['credential-vault', 'api'] as const).map((app) => migrate(app, around, environments[app])));
}

async function migrate(app: string, around: ServiceSurroundings, env: Record<string, string>): Promise<void> {
  const script = join(around.workspaceRoot, 'apps', app, 'dist/migrate.js');
  try {
    await run(process.execPath, ['--enable-source-maps', script], { env });
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    throw new LocalStackError(`The migrations of ${app} failed:\n${stderr.trim()}`, { cause });
  }
}
