/**
 * Checks the production dependencies of package-lock.json against the registry's security advisories. Exits with 1 if
 * one of them has a high or critical advisory, and with 0 and one line if the registry offers no advisories.
 */
import { spawnSync } from 'node:child_process';

const { stdout } = spawnSync('npm', ['audit', '--audit=true', '--omit=dev', '--json'], {
  encoding: 'utf8',
  timeout: 60_000,
});

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const { vulnerabilities } = parse(stdout);
if (!vulnerabilities) {
  console.log('Advisories: skipped, because the registry did not answer `npm audit`.');
} else {
  const serious = Object.values(vulnerabilities).filter(({ severity }) => ['high', 'critical'].includes(severity));
  for (const { name, severity, range } of serious) console.error(`${name} ${range}: ${severity}`);
  console.log(`Advisories: ${serious.length} high or critical.`);
  process.exitCode = serious.length === 0 ? 0 : 1;
}
