/**
 * Builds this repository and runs its unit tests, or the journey, on a line of Node.js, which comes from npm
 * (install-node.mjs).
 *
 * Usage: npm run test:node -- <version> [--install] [--journey] [-- <arguments of Jest or of the journey>]
 *
 *   <version>    such as 20.19, 22 or 24
 *   --install    runs `npm ci` on that version first
 *   --journey    runs the journey, with all services, instead of the unit tests
 */
import { spawnSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { installNode } from './install-node.mjs';

const { values, positionals } = parseArgs({
  options: { install: { type: 'boolean' }, journey: { type: 'boolean' } },
  allowPositionals: true,
});
const [version, ...others] = positionals;
if (!/^\d{2}(\.\d+){0,2}$/.test(version ?? '')) {
  console.error(
    'Usage: npm run test:node -- <version> [--install] [--journey] [-- <arguments>], e.g. npm run test:node -- 24',
  );
  process.exit(2);
}

function run(command, args, env = process.env) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}

const node = installNode(version);
const env = { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) };
run(node, ['--version'], env);
if (values.install) run('npm', ['ci'], env);
run('npx', ['nx', 'run-many', '-t', 'build', '--skip-nx-cache'], env);
const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--selectProjects', 'unit'];
run(node, [...(values.journey ? ['apps/stack-e2e/dist/journey.js'] : jest), ...others], env);
