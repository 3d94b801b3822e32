import type { Finding } from '@reunite/contracts';

/**
 * Returns for each finding whether it is new: production does not have it, or has it less often. Lines do not count,
 * because any change above a finding moves it.
 */
export function newFindings(findings: readonly Finding[], production: readonly Finding[]): boolean[] {
  const left = new Map<string, number>();
  for (const finding of production) left.set(keyOf(finding), (left.get(keyOf(finding)) ?? 0) + 1);
  return findings.map((finding) => {
    const key = keyOf(finding);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

function keyOf({ severity, rule, message, file }: Finding): string {
  return JSON.stringify([severity, rule, message, file]);
}
