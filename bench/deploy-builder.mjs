// One build with the built-in builder: node deploy-builder.mjs '{"source","output","cache"}'. Prints its result.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

const { buildSite, defaultBuildLimits } = await import(
  new URL('../libs/site-builder/dist/index.js', import.meta.url).href
);
const { writerInto } = await import(new URL('../apps/sync-worker/dist/builds/site-folder.js', import.meta.url).href);
const { source, output, cache } = JSON.parse(process.argv[2]);

async function* filesOf(folder, below = '') {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesOf(path, `${below}${entry.name}/`);
    else {
      const body = await readFile(path);
      const id = createHash('sha1').update(body).digest('hex');
      yield { path: `${below}${entry.name}`, mode: '100644', size: body.length, id, read: async () => body };
    }
  }
}

/** The page cache of a project in one file, like the worker's. */
const cached = existsSync(cache) ? deserialize(readFileSync(cache)) : new Map();

const result = await buildSite(
  {
    title: 'Benchmark',
    files: filesOf(source),
    limits: defaultBuildLimits,
    log: () => undefined,
    signal: new AbortController().signal,
    cache: {
      get: async (key) => cached.get(key),
      set: async (key, value) => void cached.set(key, value),
    },
  },
  writerInto(output),
);
writeFileSync(cache, serialize(cached));
console.log(JSON.stringify({ pages: result.pages, rendered: result.rendered, bytes: result.bytes }));
