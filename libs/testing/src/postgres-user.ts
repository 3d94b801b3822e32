import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessOwner {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * PostgreSQL refuses to run as root. As root it runs as the system user `postgres`, which is made where it is missing;
 * otherwise as whoever we are.
 */
export async function postgresOwner(): Promise<ProcessOwner> {
  if (process.getuid?.() !== 0) return {};
  const existing = await idsOf('postgres');
  if (existing) return existing;
  await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  const created = await idsOf('postgres');
  if (!created) throw new Error('PostgreSQL cannot run as root, and the system user "postgres" could not be made.');
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
