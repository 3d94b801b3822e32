/**
 * Checks the table of findings in docs/security.md: every finding of the review has a row, and every test that a row
 * names exists. Exits with 1 and one line per violation.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const range = (letter, count) => Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
const FINDINGS = [...range('H', 5), ...range('M', 11), ...range('L', 13)];
/** Findings that are accepted as they are. */
const WITHOUT_TEST = ['L10', 'L13'];

const specs = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.spec.ts', '*.spec.tsx'],
  {
    encoding: 'utf8',
  },
);
const titles = new Set(
  specs
    .trim()
    .split('\n')
    .filter(existsSync)
    .flatMap((file) => readFileSync(file, 'utf8').match(/(?<=['"`])attack: [^'"`\n]+(?=['"`])/g) ?? []),
);

const page = readFileSync(new URL('security.md', import.meta.url), 'utf8');
const rows = new Map([...page.matchAll(/^\| ([HML]\d{1,2}) [^\n]+/gm)].map(([row, finding]) => [finding, row]));
const violations = FINDINGS.flatMap((finding) => {
  const row = rows.get(finding);
  if (row === undefined) return [`${finding} has no row.`];
  const named = row.match(/(?<=`)attack: [^`]+(?=`)/g) ?? [];
  if (named.length === 0 && !WITHOUT_TEST.includes(finding)) return [`${finding} names no test.`];
  return named.filter((title) => !titles.has(title)).map((title) => `${finding}: there is no test "${title}".`);
});
for (const violation of violations) console.error(violation);
console.log(violations.length === 0 ? 'Every finding has its tests.' : `${violations.length} violations.`);
process.exitCode = violations.length === 0 ? 0 : 1;
