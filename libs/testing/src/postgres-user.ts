import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessOwner {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * The user that PostgreSQL runs as. PostgreSQL does not run as root, so for root it is the system user `postgres`,
 * which is created if it is missing.
 */
export async function postgresOwner(): Promise<ProcessOwner> {
  if (process.getuid?.() !== 0) return {};
  const existing = await idsOf('postgres');
  if (existing) return existing;
  await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  const created = await idsOf('postgres');
  if (!created) throw new Error('PostgreSQL cannot run as root, and the system user "postgres" cannot be created.');
  return created;
}

async function idsOf(user: string): Promise<ProcessOwner | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}
