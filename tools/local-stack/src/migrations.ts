import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalStackError } from './local-stack.error.js';
import { serviceEnvironments } from './services.js';
import type { ServiceSurroundings } from './services.js';

const run = promisify(execFile);

/** Migrates the schemas of the vault and of the other services, each as its owner. */
export async function migrateDatabases(around: ServiceSurroundings): Promise<void> {
  const { 'credential-vault': vault, api } = serviceEnvironments(around);
  const owner = around.databaseUrl('reunite_bridge');
  const bridge = { ...api, DATABASE_URL: owner, QUEUE_URL: around.queueUrl ?? owner };
  await Promise.all([migrate('credential-vault', around, vault), migrate('api', around, bridge)]);
}

async function migrate(app: string, around: ServiceSurroundings, env: Record<string, string>): Promise<void> {
  const script = join(around.workspaceRoot, 'apps', app, 'dist/migrate.js');
  try {
    await run(process.execPath, ['--enable-source-maps', script], { env });
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    const { root, logs } = around.data;
    const log = join(logs, `migrate-${app}.log`);
    await writeFile(log, stderr);
    const reason = /^\w*Error: (.+)$/m.exec(stderr)?.[1] ?? 'unknown error';
    throw new LocalStackError(
      `The migrations of ${app} failed: ${reason} (${log}). If ${root} has data of another branch, use another folder: LOCAL_DATA_DIR=<folder> npm start`,
      { cause },
    );
  }
}
