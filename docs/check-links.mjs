/**
 * Checks that relative links of the tracked Markdown files lead to a file. Exits with 1 and lists those that do not.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LINK = /\]\(([^)\s]{1,1000})\)/g;
const EXTERNAL = /^(?:[a-z]+:|#)/;

const files = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' }).trim().split('\n');
const dead = files.filter(existsSync).flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(LINK)]
    .map(([, target]) => target)
    .filter((target) => !EXTERNAL.test(target) && !existsSync(join(dirname(file), target.replace(/#.*/, ''))))
    .map((target) => `${file}: ${target}`),
);
for (const line of dead) console.log(line);
console.log(dead.length === 0 ? 'All links lead to a file.' : `${dead.length} dead links.`);
process.exitCode = dead.length === 0 ? 0 : 1;
