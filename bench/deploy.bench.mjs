// Compares the site builder with Eleventy, a popular generator, on the same Markdown, and measures on the whole system
// the time from a webhook to a commit status and to the preview.
// See bench/README.md. The last line is one JSON object.
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureLatency } from './deploy-latency.mjs';
import { measureChangedPage } from './deploy-changed-page.mjs';
import { bodyOf, sections, writeSite } from './deploy-site.mjs';

const PAGES = 1_000;
const ROUNDS = 5;
const MANY_PAGES = 4_000;
const ROUNDS_OF_MANY = 3;
const CHANGES = 15;
const MOST_MINUTES = 15;
const PARTS = ['generator', 'change', 'latency'];

const { values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '20' }, only: { type: 'string' } },
});
if (values.only !== undefined && !PARTS.includes(values.only)) throw new RangeError(`--only is ${PARTS.join(', ')}`);
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 200) throw new RangeError('--rounds is 1 to 200');
const log = (line) => values.json || console.log(line);
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => interrupted.abort(new Error(`Ended by ${name}`)));
const signal = AbortSignal.any([interrupted.signal, AbortSignal.timeout(MOST_MINUTES * 60_000)]);
const here = fileURLToPath(new URL('.', import.meta.url));

/** Builds a site of `pages` pages with both generators in alternation. */
async function compareBuilders(folder, pages, rounds) {
  const source = join(folder, 'source');
  await mkdir(folder, { recursive: true });
  await writeSite(source, pages);
  // Eleventy and what it is configured with are found from the folder that it runs in.
  await symlink(join(here, '..', 'node_modules'), join(folder, 'node_modules'));
  const times = { builder: [], generator: [], again: [] };
  let last;
  for (let round = 0; round < rounds; round += 1) {
    const folders = { source, output: join(folder, `built-${round}`), cache: join(folder, `cache-${round}`) };
    const peerFolders = { source, output: join(folder, `peer-${round}`) };
    last = await timed(times.builder, 'deploy-builder.mjs', folders, folder);
    expect(last.rendered === pages, `a full build renders ${pages} pages, not ${last.rendered}`);
    const peer = await timed(times.generator, 'deploy-eleventy.mjs', peerFolders, folder);
    expect(peer.pages === pages, `Eleventy wrote ${peer.pages} pages, not ${pages}`);
    const page = `${sections[0].folder}/page-0.md`;
    await writeFile(join(source, page), `${bodyOf(0)}\nChanged in round ${round}.\n`);
    const again = await timed(times.again, 'deploy-builder.mjs', folders, folder);
    expect(again.rendered === 1, `after a change of one page, one is rendered, not ${again.rendered}`);
    for (const { output } of [folders, peerFolders]) await rm(output, { recursive: true });
    const [built, peerMs, changed] = [times.builder, times.generator, times.again].map((list) => list.at(-1));
    log(`${pages} pages, round ${round + 1}: ${built} ms, Eleventy ${peerMs} ms, one page changed ${changed} ms`);
  }
  const [fullBuildMs, eleventyMs, changedColdMs] = [times.builder, times.generator, times.again].map(median);
  // Of each pair of neighbours: what else the machine does is alike for both.
  const ratio = Number(median(times.builder.map((ms, round) => ms / times.generator[round])).toFixed(3));
  return { ratio, fullBuildMs, eleventyMs, changedColdMs, siteBytes: last.bytes };
}

async function generatorResults(folder) {
  const some = await compareBuilders(join(folder, 'some'), PAGES, ROUNDS);
  const many = await compareBuilders(join(folder, 'many'), MANY_PAGES, ROUNDS_OF_MANY);
  return {
    ratios: { generator: some.ratio, generator4000: many.ratio },
    figures: {
      ...{ pages: PAGES, fullBuildMs: some.fullBuildMs, eleventyMs: some.eleventyMs, siteBytes: some.siteBytes },
      ...{ fullBuild4000Ms: many.fullBuildMs, eleventy4000Ms: many.eleventyMs },
      oneChangedPageColdMs: some.changedColdMs,
    },
  };
}

async function changeResults(folder) {
  const times = await measureChangedPage({ folder: join(folder, 'change'), pages: PAGES, rounds: CHANGES });
  log(`one page changed, warm: ${times.join(', ')} ms`);
  return { figures: { oneChangedPageMs: median(times) } };
}

async function latencyResults(folder) {
  return { figures: await measureLatency({ folder, pages: PAGES, rounds, signal, log }) };
}

/** A process of its own each: start, libraries and all that a build takes. */
async function timed(times, script, folders, cwd) {
  await mkdir(dirname(folders.output), { recursive: true });
  const child = spawn(process.execPath, [join(here, script), JSON.stringify(folders)], {
    cwd,
    signal,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const start = performance.now();
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  times.push(Math.round(performance.now() - start));
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return JSON.parse(output.trim().split('\n').at(-1));
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function expect(condition, what) {
  if (!condition) throw new Error(`Unexpected result of the benchmark: ${what}`);
}

const folder = await mkdtemp(join(tmpdir(), 'deploy-bench-'));
try {
  // Run as root, Postgres is another user's and has to get through.
  await chmod(folder, 0o755);
  const parts = { generator: generatorResults, change: changeResults, latency: latencyResults };
  const results = { bench: 'deploy', ratios: {}, figures: {} };
  for (const name of PARTS.filter((part) => values.only === undefined || values.only === part)) {
    const { ratios = {}, figures } = await parts[name](folder);
    Object.assign(results.ratios, ratios);
    Object.assign(results.figures, figures);
  }
  console.log(JSON.stringify(results));
} finally {
  await rm(folder, { recursive: true, force: true });
}
