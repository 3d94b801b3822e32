import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

/** The lines that the linter finds to cross a boundary, were the source to stand in this place. */
function forbiddenLines(file: string, source: string): number[] {
  const eslint = ['node_modules/eslint/bin/eslint.js', '--format', 'json', '--stdin', '--stdin-filename', file];
  const { stdout } = spawnSync(process.execPath, eslint, { input: source, encoding: 'utf8' });
  const [result] = JSON.parse(stdout.slice(stdout.indexOf('['))) as { messages: { ruleId: string; line: number }[] }[];
  return (result?.messages ?? []).flatMap(({ ruleId, line }) =>
    ruleId === '@nx/enforce-module-boundaries' ? [line] : [],
  );
}

it('a pure library may import neither a framework, nor a library that has one, nor the vault', () => {
  const source = [
    `export * from '@reunite/contracts';`,
    `export * from '@reunite/platform';`,
    `export * from 'pg';`,
    `export * from '../../../apps/credential-vault/src/envelope/envelope.js';`,
  ];
  expect(forbiddenLines('libs/git-objects/src/index.ts', source.join('\n'))).toEqual([2, 3, 4]);
}, 120_000);
