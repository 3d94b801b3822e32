import type { Finding } from '@reunite/contracts';

/** What a check found: `findings` is as much as is kept, the counts are of all. */
export interface CheckFindings {
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
}

/** A hostile site can have a million faults; the record of its check stays readable. */
const MAX_FINDINGS = 1_000;
const MAX_MESSAGE = 1_000;

/** Collects findings, and of very many the first ones. */
export class FindingLog {
  private readonly counts = { error: 0, warning: 0 };
  private readonly findings: Finding[] = [];

  add(
    finding: Pick<Finding, 'severity' | 'rule' | 'message'> & {
      [Place in 'file' | 'line' | 'column']?: Finding[Place] | undefined;
    },
  ): void {
    this.counts[finding.severity] += 1;
    if (this.findings.length >= MAX_FINDINGS) return;
    const { severity, rule, file = null, line = null, column = null } = finding;
    // PostgreSQL refuses NUL, and a terminal that shows the log should not be steered by it.
    const message = finding.message.replace(/\p{Cc}+/gu, ' ').slice(0, MAX_MESSAGE);
    this.findings.push({ severity, rule, message, file, line, column });
  }

  /** In the order of files and lines. */
  result(): CheckFindings {
    const findings = this.findings.sort(
      (a, b) =>
        compare(a.file ?? '', b.file ?? '') || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    );
    return { errors: this.counts.error, warnings: this.counts.warning, findings };
  }
}

/** By code units: the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
