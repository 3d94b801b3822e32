// One build with the built-in builder: node deploy-builder.mjs '{"source","output","cache"}'. Prints its result.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

const { buildSite, defaultBuildLimits } = await import(
  new URL('../libs/site-builder/dist/index.js', import.meta.url).href
);
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

const folders = new Set();
/** Where a project's rendered pages are kept: one file, as the worker has it. */
const kept = existsSync(cache) ? deserialize(readFileSync(cache)) : new Map();

const result = await buildSite(
  {
    title: 'Benchmark',
    files: filesOf(source),
    limits: defaultBuildLimits,
    log: () => undefined,
    signal: new AbortController().signal,
    cache: {
      get: async (key) => kept.get(key),
      set: async (key, value) => void kept.set(key, value),
    },
  },
  async ({ path, body }) => {
    const target = join(output, path);
    const folder = dirname(target);
    if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
    folders.add(folder);
    writeFileSync(target, body);
  },
);
writeFileSync(cache, serialize(kept));
console.log(JSON.stringify({ pages: result.pages, rendered: result.rendered, bytes: result.bytes }));
