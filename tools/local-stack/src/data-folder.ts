import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { bridgeMigrations } from '@reunite/database';
import { postgresMajor } from '@reunite/testing';
import { LocalStackError } from './local-stack.error.js';

/** The folders of a stack. Deleting the root resets the stack. */
export interface DataFolder {
  readonly root: string;
  readonly postgres: string;
  readonly tls: string;
  readonly keys: string;
  readonly content: string;
  readonly artifacts: string;
  readonly simulator: string;
  readonly logs: string;
  /** File with the running processes, see ProcessRegister. */
  readonly pids: string;
}

export async function openDataFolder(path: string): Promise<DataFolder> {
  const root = resolve(path);
  const at = (name: string) => join(root, name);
  const folders = {
    postgres: at('postgres'),
    tls: at('tls'),
    keys: at('keys'),
    content: at('content'),
    artifacts: at('artifacts'),
    simulator: at('simulator'),
    logs: at('logs'),
  };
  await mkdir(root, { recursive: true });
  for (const [name, folder] of Object.entries(folders)) {
    await mkdir(folder, { recursive: true, mode: name === 'keys' || name === 'tls' ? 0o700 : 0o755 });
  }
  return { root, ...folders, pids: at('pids.json') };
}

/** The newest migration of this version; a number that grows with every version that changes the schema. */
const SCHEMA_VERSION = Math.max(...bridgeMigrations.map(({ name }) => Number(/\d{13}$/.exec(name)?.[0])));

/**
 * Rejects data that this version cannot use. Data of an older version of the project is migrated by the start; data of a
 * newer version, or of another major version of PostgreSQL, is not.
 *
 * @throws LocalStackError that names the folder, both versions and the remedy
 */
export async function requireCompatibleData({ root, postgres }: DataFolder): Promise<void> {
  const remedy = `Start the version that wrote it, or use another folder: LOCAL_DATA_DIR=<folder> npm start`;
  const major = (await textOf(join(postgres, 'data', 'PG_VERSION')))?.trim();
  const current = await postgresMajor();
  if (major !== undefined && major !== current) {
    throw new LocalStackError(`${root} has data of PostgreSQL ${major}, and this version runs ${current}. ${remedy}`);
  }
  const schema = Number((await textOf(join(root, 'schema-version'))) ?? 0);
  if (schema > SCHEMA_VERSION) {
    throw new LocalStackError(`${root} has data of a newer version of this project (schema ${schema}). ${remedy}`);
  }
}

/** Records that the data has the schema of this version, after its migrations. */
export async function recordSchemaVersion({ root }: DataFolder): Promise<void> {
  await writeFile(join(root, 'schema-version'), `${SCHEMA_VERSION}\n`);
}

function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
}

/** Prepares the log file of a service and keeps the one of the previous run. */
export async function newLogFile(data: DataFolder, service: string): Promise<string> {
  const file = join(data.logs, `${service}.log`);
  await rename(file, join(data.logs, `${service}.previous.log`)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
  return file;
}

/**
 * PostgreSQL does not run as root. Started by root, it runs as the user `postgres`, who must be able to enter the
 * folder.
 *
 * @throws LocalStackError that names the folder and the remedy
 */
export async function requireReachableForPostgres(folder: string, remedy: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  for (let path = folder; ; path = dirname(path)) {
    const { mode } = await stat(path);
    if ((mode & 0o001) === 0) {
      throw new LocalStackError(
        `PostgreSQL runs as the user "postgres" if started by root, and that user cannot enter ${path}. ${remedy}`,
      );
    }
    if (path === dirname(path)) return;
  }
}
