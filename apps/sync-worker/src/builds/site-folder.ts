import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { WriteFile } from '@reunite/site-builder';

/** Returns a function that writes a site's files into a folder, and rejects paths outside of it. */
export function writerInto(folder: string): WriteFile {
  const folders = new Map<string, Promise<unknown>>();
  return async ({ path, body }) => {
    const target = join(folder, path);
    // The builder checks its paths too. A file outside the folder must be impossible even if it fails to.
    if (!target.startsWith(`${folder}${sep}`)) throw new RangeError(`${path} is outside of the site.`);
    const parent = dirname(target);
    const created = folders.get(parent) ?? mkdir(parent, { recursive: true });
    folders.set(parent, created);
    await created;
    await writeFile(target, body);
  };
}
