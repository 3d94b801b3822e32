import { parseArgs } from 'node:util';
import { IngestChaos } from './ingest-chaos.js';
import { buildRelease } from './previous-release.js';
import { restartUnderLoad } from './rolling-restart.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    deliveries: { type: 'string', default: '20000' },
    loops: { type: 'string', default: '32' },
    pause: { type: 'string', default: '40' },
    every: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '1' },
    replicas: { type: 'string', default: '1' },
    from: { type: 'string', default: '' },
  },
});
const loops = Number(values.loops);
const pauseMs = Number(values.pause);
const log = (line: string) => console.log(line);

/** @returns the number of deliveries that are wrong */
async function ingest(): Promise<number> {
  const result = await IngestChaos.run({
    ...{ deliveries: Number(values.deliveries), loops, pauseMs },
    killEveryMs: Number(values.every) * 1_000,
    replicas: Number(values.replicas),
    log,
  });
  console.log(JSON.stringify({ chaos: 'ingest', ...result }));
  const wrong = result.lost + result.unapplied + result.appliedTwice + result.duplicates;
  console.log(
    wrong === 0 ? `${result.accepted} deliveries accepted, each applied once` : `${wrong} deliveries are wrong`,
  );
  return wrong;
}

/** @returns the number of requests that failed and of deliveries that are wrong */
async function rolling(previous?: string): Promise<number> {
  const result = await restartUnderLoad({ loops, pauseMs, rounds: Number(values.rounds), previous, log });
  console.log(JSON.stringify({ chaos: previous === undefined ? 'rolling' : 'upgrade', ...result }));
  const failed = Object.values(result.failures).reduce((sum, count) => sum + count, 0);
  const [lost, doubled] = [result.lost + result.unapplied, result.appliedTwice + result.duplicates];
  console.log(`${failed} failed requests, ${lost} lost, ${doubled} doubled`);
  return failed + lost + doubled;
}

/** Upgrades from the release `--from`, and goes back to it. */
async function upgrade(): Promise<number> {
  const release = await buildRelease(values.from, log);
  try {
    return await rolling(release.folder);
  } finally {
    await release.remove();
  }
}

const run = { ingest, rolling: () => rolling(), upgrade }[positionals[0] ?? ''];
if (!run || (run === upgrade && values.from === '')) {
  console.error(
    'Usage: npm run chaos -- ingest [--deliveries 20000] [--loops 32] [--pause ms] [--every seconds] [--replicas 1]',
  );
  console.error('       npm run chaos -- rolling [--rounds 1] [--loops 32] [--pause ms]');
  console.error('       npm run chaos -- upgrade --from <commit or tag> [--loops 32] [--pause ms]');
  process.exit(2);
}

// An exit ends the processes of the stack.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

if ((await run()) > 0) process.exitCode = 1;
