/**
 * Checks what this repository is built from, offline: release lines of Node.js, licences, install scripts, and the
 * source of every package. Exits with 1 and one line per violation.
 *
 * Usage: node tools/supply-chain/check.mjs [--root <folder>] [--today <date>]
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { licenceViolations } from './licenses.mjs';
import { endOfLifeViolations } from './node-lines.mjs';
import { installScriptViolations, sourceViolations } from './packages.mjs';

const { values } = parseArgs({ options: { root: { type: 'string' }, today: { type: 'string' } } });
const root = values.root ?? fileURLToPath(new URL('../..', import.meta.url));
const today = values.today === undefined ? Date.now() : Date.parse(values.today);
const read = (file) => readFileSync(join(root, file), 'utf8');

const { packages } = JSON.parse(read('package-lock.json'));
const { allowScripts } = JSON.parse(read('package.json'));
const lines = [
  { file: '.nvmrc', line: Number(read('.nvmrc').trim().split('.')[0]) },
  { file: 'Dockerfile', line: Number(/^ARG NODE_IMAGE=node:(\d+)/m.exec(read('Dockerfile'))?.[1]) },
];
const violations = [
  ...endOfLifeViolations(lines, today),
  ...licenceViolations(packages),
  ...installScriptViolations(packages, allowScripts),
  ...sourceViolations(packages),
];
for (const violation of violations) console.error(violation);
console.log(violations.length === 0 ? 'Supply chain: no violation.' : `Supply chain: ${violations.length} violations.`);
process.exitCode = violations.length === 0 ? 0 : 1;
