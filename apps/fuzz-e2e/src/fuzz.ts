import { parseArgs } from 'node:util';
import { fuzzAll } from './fuzz-run.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    seed: { type: 'string' },
    target: { type: 'string' },
  },
});

const results = await fuzzAll({
  seconds: Number(values.seconds),
  seed: values.seed === undefined ? undefined : Number(values.seed),
  only: values.target,
  onResult: ({ target, cases, seed, failure }) =>
    console.log(`${target}: ${cases} cases, seed ${seed}${failure === null ? '' : `\n${failure}`}`),
});
const failures = results.filter(({ failure }) => failure !== null).length;
console.log(`${results.reduce((sum, { cases }) => sum + cases, 0)} cases, ${failures} failures`);
if (failures > 0) process.exitCode = 1;
