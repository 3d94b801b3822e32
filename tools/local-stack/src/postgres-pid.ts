import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Process id of the server, from the first line of its lock file. Null if it is not running. */
export async function postgresPid(directory: string): Promise<number | null> {
  const text = await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n', 1)[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}
