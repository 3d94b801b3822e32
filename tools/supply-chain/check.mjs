/**
 * Checks what this repository is built from, offline: release lines of Node.js, licences, install scripts, and the source of
 * every package. Exits with 1 and one line per violation.
 */
import { readFileSync } from 'node:fs';
import { licenceViolations } from './licenses.mjs';
import { endOfLifeViolations } from './node-lines.mjs';

const read = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** Every package with an install script is decided on in `allowScripts`, which npm 11 enforces. */
function installScriptViolations(packages, allowScripts) {
  return Object.entries(packages).flatMap(([path, { hasInstallScript }]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (!hasInstallScript || name in allowScripts) return [];
    return [
      `${name} has an install script. Decide with: npm install-scripts approve|deny --no-allow-scripts-pin ${name}`,
    ];
  });
}

/** A package from elsewhere, or without a hash, could be replaced unnoticed. */
function sourceViolations(packages) {
  return Object.entries(packages).flatMap(([path, { resolved, integrity, link, inBundle }]) => {
    if (!path.includes('node_modules/') || link || inBundle) return [];
    // The lockfile has no addresses: npm takes packages of the configured registry. One that is there must be the public one.
    const isPublic = resolved === undefined || resolved.startsWith('https://registry.npmjs.org/');
    if (isPublic && integrity?.startsWith('sha512-')) return [];
    return [`${path} in package-lock.json is not from registry.npmjs.org, or has no SHA-512.`];
  });
}

const { packages } = JSON.parse(read('package-lock.json'));
const { allowScripts } = JSON.parse(read('package.json'));
const lines = [
  { file: '.nvmrc', line: Number(read('.nvmrc').trim().split('.')[0]) },
  { file: 'Dockerfile', line: Number(/^ARG NODE_IMAGE=node:(\d+)/m.exec(read('Dockerfile'))?.[1]) },
];
const violations = [
  ...endOfLifeViolations(lines, Date.now()),
  ...licenceViolations(packages),
  ...installScriptViolations(packages, allowScripts),
  ...sourceViolations(packages),
];
for (const violation of violations) console.error(violation);
console.log(violations.length === 0 ? 'Supply chain: no violation.' : `Supply chain: ${violations.length} violations.`);
process.exitCode = violations.length === 0 ? 0 : 1;
