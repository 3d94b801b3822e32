import { parseArgs } from 'node:util';
import { IngestChaos } from './ingest-chaos.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    deliveries: { type: 'string', default: '20000' },
    loops: { type: 'string', default: '32' },
    pause: { type: 'string', default: '40' },
    every: { type: 'string', default: '5' },
  },
});
if (positionals[0] !== 'ingest') {
  console.error('Usage: npm run chaos -- ingest [--deliveries 20000] [--loops 32] [--pause ms] [--every seconds]');
  process.exit(2);
}

// An exit ends the processes of the stack.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const result = await IngestChaos.run({
  deliveries: Number(values.deliveries),
  loops: Number(values.loops),
  pauseMs: Number(values.pause),
  killEveryMs: Number(values.every) * 1_000,
  log: (line) => console.log(line),
});
console.log(JSON.stringify({ chaos: 'ingest', ...result }));
const wrong = result.lost + result.unapplied + result.appliedTwice + result.duplicates;
console.log(
  wrong === 0 ? `${result.accepted} deliveries accepted, each applied once` : `${wrong} deliveries are wrong`,
);
if (wrong > 0) process.exitCode = 1;
