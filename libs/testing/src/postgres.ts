import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { databaseRoles, provisionDatabase } from '@reunite/database';
import type { DatabaseRole } from '@reunite/database';
import { freePort } from './free-port.js';
import { postgresBinaries } from './postgres-binaries.js';
import { postgresOwner } from './postgres-user.js';
import type { ProcessOwner } from './postgres-user.js';

const run = promisify(execFile);

export interface RunningPostgres {
  readonly port: number;
  /** Connection URL of one of the system's roles, or of the superuser. */
  url(role: DatabaseRole | 'postgres'): string;
  /** Stops the server, and removes its data if it is temporary. */
  stop(): Promise<void>;
  /** Starts the server again after it exited, with the same data and port. */
  start(): Promise<void>;
  /** Restarts the server with the same data and port, like a failover or an upgrade. */
  restart(): Promise<void>;
  /** Kills the server with SIGKILL, like a crash: connections break without a shutdown. `start` starts it again. */
  kill(): Promise<void>;
}

export interface PostgresOptions {
  /** Folder for the data. Default: a temporary folder, without fsync. */
  readonly directory?: string;
  readonly port?: number;
}

/**
 * Starts PostgreSQL on loopback with the roles, the database and the schemas of the system.
 *
 * @throws Error if the npm package or a user to run as is missing, or the port is in use
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const [binaries, owner] = await Promise.all([postgresBinaries(), postgresOwner()]);
  const home = options.directory ?? (await mkdtemp(join(tmpdir(), 'reunite-postgres-')));
  const temporary = options.directory === undefined;
  const data = join(home, 'data');
  const passwords = await initialise(binaries.initdb, home, data, owner);
  const port = options.port ?? (await freePort());

  const pgCtl = (...args: string[]) => run(binaries.pgCtl, ['-D', data, ...args], { ...owner, cwd: home });
  const flags = [
    `-p ${port}`,
    '-c listen_addresses=127.0.0.1',
    `-c unix_socket_directories=`,
    '-c max_connections=200',
  ];
  if (temporary) flags.push('-c fsync=off', '-c full_page_writes=off');
  const start = async () => {
    // A server that outlived its supervisor must stop first: it locks the data.
    await pgCtl('stop', '-m', 'fast', '-w').catch(() => undefined);
    await startServer(binaries.pgCtl, data, home, flags.join(' '), owner);
  };
  await start();

  const url = (role: DatabaseRole | 'postgres') =>
    `postgres://${role}:${passwords[role]}@127.0.0.1:${port}/${role === 'postgres' ? 'postgres' : 'reunite'}`;
  await provisionDatabase(url('postgres'), passwords);
  return {
    port,
    url,
    start,
    restart: async () => {
      await pgCtl('stop', '-m', 'fast', '-w');
      await start();
    },
    kill: async () => {
      const pid = await postgresPid(home);
      if (pid !== null) process.kill(pid, 'SIGKILL');
    },
    stop: async () => {
      await pgCtl('stop', '-m', 'fast', '-w');
      if (temporary) await rm(home, { recursive: true, force: true });
    },
  };
}

/**
 * Process id of the server, from the first line of its lock file. Null if it is not running.
 *
 * @param directory as in {@link PostgresOptions}
 */
export async function postgresPid(directory: string): Promise<number | null> {
  const text = await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n', 1)[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

type Passwords = Record<DatabaseRole | 'postgres', string>;

async function initialise(initdb: string, home: string, data: string, owner: ProcessOwner): Promise<Passwords> {
  const file = join(home, 'passwords.json');
  await mkdir(home, { recursive: true });
  await chmod(home, 0o755);
  const stored = await readFile(file, 'utf8').catch(() => null);
  const initialised = await access(join(data, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  const created = Object.fromEntries(['postgres', ...databaseRoles].map((role) => [role, password()])) as Passwords;
  if (stored && initialised) {
    // Roles that were added since the data was created get their passwords now.
    const passwords: Passwords = { ...created, ...(JSON.parse(stored) as Partial<Passwords>) };
    await writeFile(file, JSON.stringify(passwords), { mode: 0o600 });
    return passwords;
  }
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { mode: 0o700 });
  const passwordFile = join(home, 'initdb-password');
  await writeFile(passwordFile, created.postgres, { mode: 0o600 });
  try {
    if (owner.uid !== undefined && owner.gid !== undefined) {
      await Promise.all([data, passwordFile].map((path) => chown(path, owner.uid ?? 0, owner.gid ?? 0)));
    }
    const args = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8'];
    await run(initdb, [...args, '--locale=C', '--no-sync'], { ...owner, cwd: home });
  } finally {
    await rm(passwordFile, { force: true });
  }
  // Written last, so that an interrupted initialization is repeated.
  await writeFile(file, JSON.stringify(created), { mode: 0o600 });
  return created;
}

function password(): string {
  return randomBytes(24).toString('hex');
}

/** `pg_ctl` starts the server in its own session, so Ctrl-C in the terminal does not stop it before its clients. */
async function startServer(
  pgCtl: string,
  data: string,
  home: string,
  flags: string,
  owner: ProcessOwner,
): Promise<void> {
  const log = join(data, 'server.log');
  try {
    await run(pgCtl, ['-D', data, '-l', log, '-o', flags, '-w', 'start'], { ...owner, cwd: home });
  } catch (error) {
    const tail = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-3).join('\n');
    throw new Error(`PostgreSQL did not start (data in ${data}): ${tail}`, { cause: error });
  }
}
