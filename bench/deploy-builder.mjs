// One build with the built-in builder in a new process: node deploy-builder.mjs '{"source","output","cache"}'. Prints its result.
// Writes the site and caches the pages with the code of the worker.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const load = (path) => import(new URL(`../${path}`, import.meta.url).href);
const { buildSite, defaultBuildLimits } = await load('libs/site-builder/dist/index.js');
const { SiteArchiveWriter } = await load('libs/site-archive/dist/index.js');
const { PageCacheFile } = await load('apps/sync-worker/dist/builds/isolation/page-cache-file.js');
const { source, output, cache: cacheFile } = JSON.parse(process.argv[2]);

/** Synchronous, as a checkout is read faster that way: the worker reads packs, which takes less. */
function* filesOf(folder, below = '') {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesOf(path, `${below}${entry.name}/`);
    else {
      const body = readFileSync(path);
      const id = createHash('sha1').update(body).digest('hex');
      yield { path: `${below}${entry.name}`, mode: '100644', size: body.length, id, read: async () => body };
    }
  }
}

const cache = await PageCacheFile.open(cacheFile, defaultBuildLimits.maxOutputBytes);
await mkdir(output, { recursive: true });
const site = await SiteArchiveWriter.open(output);
const result = await buildSite(
  {
    title: 'Benchmark',
    files: filesOf(source),
    limits: defaultBuildLimits,
    log: () => undefined,
    signal: new AbortController().signal,
    cache,
    reuse: site.reuse,
  },
  site.write,
);
await site.finish();
await cache.save();
console.log(JSON.stringify({ pages: result.pages, rendered: result.rendered, bytes: result.bytes }));
