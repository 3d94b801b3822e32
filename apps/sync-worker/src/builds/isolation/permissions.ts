import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders that tasks use. */
export interface TaskFolders {
  readonly read: readonly string[];
  /** Folders to write to; they may be read as well. */
  readonly write: readonly string[];
}

/** The root of the repository, or of an image: this file is in `apps/sync-worker/{src,dist}/builds/isolation`. */
const ROOT = fileURLToPath(new URL('../../../../..', import.meta.url));
/** Code only. Other folders of the root have keys, such as `.local` of a local stack. */
const CODE = ['node_modules/*', 'libs/*', 'apps/sync-worker/*', 'package.json'].map((path) => ROOT + path);

/**
 * The flag that turns on Node's permission model. Null if this Node.js has none.
 * https://nodejs.org/docs/latest-v24.x/api/permissions.html
 *
 * @param supported flags of this Node.js: `--permission` since 22.13, before that `--experimental-permission`
 */
export function permissionFlag(supported: ReadonlySet<string> = process.allowedNodeEnvironmentFlags): string | null {
  return ['--permission', '--experimental-permission'].find((flag) => supported.has(flag)) ?? null;
}

/**
 * Turns off the module `node:sqlite`, whose database files are not subject to the permission model. Node 20 has none.
 */
const NO_SQLITE = '--no-experimental-sqlite';
/**
 * Ends the process when it changes flags of V8: some make V8 write files, which are not subject to the permission
 * model.
 */
const FROZEN_V8_FLAGS = '--freeze-flags-after-init';

/**
 * Node's flags for an isolated process: it reads the code and the folders, and writes to the folders for writing. It
 * starts no process, no native addon and no thread: a thread with `execArgv` of its own has no permission model. The
 * permission model limits neither the network (TCP and UNIX sockets) nor signals to other processes of the same user.
 *
 * @param supported flags of this Node.js
 * @returns an empty list if this Node.js has no permission model
 */
export function permissionFlags(
  { read, write }: TaskFolders,
  supported: ReadonlySet<string> = process.allowedNodeEnvironmentFlags,
): string[] {
  const flag = permissionFlag(supported);
  if (flag === null) return [];
  const below = (folder: string) => join(folder, '*');
  return [
    flag,
    ...[...CODE, ...[...read, ...write].map(below)].map((path) => `--allow-fs-read=${path}`),
    ...write.map((folder) => `--allow-fs-write=${below(folder)}`),
    FROZEN_V8_FLAGS,
    ...(supported.has(NO_SQLITE) ? [NO_SQLITE] : []),
    '--disable-warning=ExperimentalWarning',
  ];
}
