import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { WriteFile } from '@reunite/site-builder';

/** Writes a site's files into a folder, and nowhere else. */
export function writerInto(folder: string): WriteFile {
  const made = new Map<string, Promise<unknown>>();
  return async ({ path, body }) => {
    const target = join(folder, path);
    // The builder checks its paths; a file outside the folder must be impossible all the same.
    if (!target.startsWith(`${folder}${sep}`)) throw new RangeError(`${path} would lie outside the site.`);
    const above = dirname(target);
    const making = made.get(above) ?? mkdir(above, { recursive: true });
    made.set(above, making);
    await making;
    await writeFile(target, body);
  };
}
