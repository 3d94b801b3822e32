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
import { bodyOf, sections, writeSite } from './deploy-site.mjs';

const PAGES = 1_000;
const ROUNDS = 5;
const MOST_MINUTES = 15;

const { values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '20' } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 200) throw new RangeError('--rounds is 1 to 200');
const log = (line) => values.json || console.log(line);
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => interrupted.abort(new Error(`Ended by ${name}`)));
const signal = AbortSignal.any([interrupted.signal, AbortSignal.timeout(MOST_MINUTES * 60_000)]);
const here = fileURLToPath(new URL('.', import.meta.url));

async function compareBuilders(folder) {
  const source = join(folder, 'source');
  await writeSite(source, PAGES);
  // Eleventy and what it is configured with are found from the folder that it runs in.
  await symlink(join(here, '..', 'node_modules'), join(folder, 'node_modules'));
  const times = { builder: [], generator: [], again: [] };
  let last;
  for (let round = 0; round < ROUNDS; round += 1) {
    const folders = { source, output: join(folder, `built-${round}`), cache: join(folder, `cache-${round}`) };
    last = await timed(times.builder, 'deploy-builder.mjs', folders, folder);
    expect(last.rendered === PAGES, `a full build renders ${PAGES} pages, not ${last.rendered}`);
    const peer = await timed(
      times.generator,
      'deploy-eleventy.mjs',
      { source, output: join(folder, `peer-${round}`) },
      folder,
    );
    expect(peer.pages === PAGES, `Eleventy wrote ${peer.pages} pages, not ${PAGES}`);
    const page = `${sections[0].folder}/page-0.md`;
    await writeFile(join(source, page), `${bodyOf(0)}\nChanged in round ${round}.\n`);
    const again = await timed(times.again, 'deploy-builder.mjs', folders, folder);
    expect(again.rendered === 1, `after a change of one page, one is rendered, not ${again.rendered}`);
    await rm(folders.output, { recursive: true });
    log(
      `round ${round + 1}: ${times.builder.at(-1)} ms, Eleventy ${times.generator.at(-1)} ms, one page changed ${times.again.at(-1)} ms`,
    );
  }
  const [fullBuildMs, eleventyMs, oneChangedPageMs] = [times.builder, times.generator, times.again].map(median);
  return {
    // Of each pair of neighbours: what else the machine does is alike for both.
    ratios: { generator: Number(median(times.builder.map((ms, round) => ms / times.generator[round])).toFixed(3)) },
    figures: { pages: PAGES, fullBuildMs, eleventyMs, oneChangedPageMs, siteBytes: last.bytes },
  };
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
  const { ratios, figures } = await compareBuilders(folder);
  const latencies = await measureLatency({ folder, pages: PAGES, rounds, signal, log });
  console.log(JSON.stringify({ bench: 'deploy', ratios, figures: { ...figures, ...latencies } }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
