import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { WriteFile } from '@reunite/site-builder';

/** Writes a site's files into a folder, and nowhere else. */
export function writerInto(folder: string): WriteFile {
  return async ({ path, body }) => {
    const target = join(folder, path);
    // The builder checks its paths; a file outside the folder must be impossible all the same.
    if (!target.startsWith(`${folder}${sep}`)) throw new RangeError(`${path} would lie outside the site.`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, body);
  };
}
