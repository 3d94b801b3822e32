import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const CHECK = join(import.meta.dirname, '../check.mjs');
const ADVISORIES = join(import.meta.dirname, '../advisories.mjs');
const GOOD = { version: '1.0.0', license: 'MIT', integrity: 'sha512-aaaa' };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'supply-chain-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Repository {
  readonly node?: string;
  readonly image?: string;
  readonly today?: string;
  readonly packages?: Readonly<Record<string, object>>;
}

function check({ node = '24', image = '24', today = '2026-11-30', packages = {} }: Repository) {
  const all = { '': { name: 'ours' }, 'node_modules/good': GOOD, ...packages };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: all }));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ allowScripts: { decided: false } }));
  writeFileSync(join(folder, '.nvmrc'), `${node}\n`);
  writeFileSync(join(folder, 'Dockerfile'), `ARG NODE_IMAGE=node:${image}-bookworm-slim\n`);
  const args = [CHECK, '--root', folder, '--today', today];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, violations: stderr.trim() };
}

describe('the check of the supply chain', () => {
  it('accepts a repository without violations', () => {
    expect(check({ packages: { 'node_modules/decided': { ...GOOD, hasInstallScript: true } } })).toEqual({
      status: 0,
      violations: '',
    });
  });

  it.each([
    ['AGPL-3.0', 'has the licence "AGPL-3.0"'],
    ['(GPL-3.0 AND MIT)', 'has the licence "(GPL-3.0 AND MIT)"'],
    [undefined, 'has the licence "none"'],
  ])('rejects the licence %s', (license, violation) => {
    const result = check({ packages: { 'node_modules/a/node_modules/bad': { ...GOOD, license } } });
    expect(result).toEqual({ status: 1, violations: expect.stringContaining(`bad ${violation}`) });
  });

  it('accepts a choice of licences if one is allowed', () => {
    expect(check({ packages: { 'node_modules/a': { ...GOOD, license: '(GPL-3.0 OR MIT)' } } }).status).toBe(0);
  });

  it.each([
    [
      'an image near its end of life',
      { image: '22', today: '2027-02-01' },
      'Dockerfile uses Node 22, which has its end',
    ],
    ['a line after its end of life', { node: '20' }, '.nvmrc uses Node 20, which had its end of life on 2026-04-30'],
    ['an unlisted line', { node: '23' }, '.nvmrc uses Node 23, which tools/supply-chain/node-lines.mjs does not list'],
  ])('attack: a Node.js without security fixes is rejected: %s', (_name, repository, violation) => {
    expect(check(repository)).toEqual({ status: 1, violations: expect.stringContaining(violation) });
  });

  it('attack: a package with an install script that is not on the list is rejected', () => {
    const result = check({ packages: { 'node_modules/sneaky': { ...GOOD, hasInstallScript: true } } });
    expect(result).toEqual({ status: 1, violations: expect.stringContaining('sneaky has an install script') });
  });

  it.each([
    ['from another address', { ...GOOD, resolved: 'https://evil.example/a.tgz' }],
    ['without a hash', { ...GOOD, integrity: undefined }],
    ['with a weak hash', { ...GOOD, integrity: 'sha1-aaaa' }],
  ])('attack: a package %s is rejected', (_name, entry) => {
    const result = check({ packages: { 'node_modules/replaced': entry } });
    expect(result).toEqual({ status: 1, violations: expect.stringContaining('node_modules/replaced') });
  });
});

describe('the check of advisories', () => {
  /** Runs it with an npm that prints this. */
  function advisories(printed: string) {
    const npm = join(folder, 'npm');
    writeFileSync(join(folder, 'answer.json'), printed);
    writeFileSync(npm, `#!/bin/sh\ncat ${join(folder, 'answer.json')}\n`);
    chmodSync(npm, 0o755);
    const PATH = [folder, dirname(process.execPath), process.env['PATH']].join(delimiter);
    const { status, stdout, stderr } = spawnSync(process.execPath, [ADVISORIES], { encoding: 'utf8', env: { PATH } });
    return { status, stdout: stdout.trim(), stderr: stderr.trim() };
  }

  it.each(['', '{"error":{"code":"E405"}}', 'npm error'])(
    'is skipped with one line if the registry has no advisories: %j',
    (printed) => {
      const line = 'Advisories: skipped, because the registry did not answer `npm audit`.';
      expect(advisories(printed)).toEqual({ status: 0, stdout: line, stderr: '' });
    },
  );

  it('fails and names the package with a high or critical advisory', () => {
    const vulnerabilities = {
      a: { name: 'a', severity: 'high', range: '<2' },
      b: { name: 'b', severity: 'moderate', range: '<2' },
    };
    expect(advisories(JSON.stringify({ vulnerabilities }))).toEqual({
      status: 1,
      stdout: 'Advisories: 1 high or critical.',
      stderr: 'a <2: high',
    });
  });
});
