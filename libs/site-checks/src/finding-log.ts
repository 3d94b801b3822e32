import type { Finding } from '@reunite/contracts';

/** The result of a check. The counts include findings that were dropped from `findings`. */
export interface CheckFindings {
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
}

export interface LintFindings extends CheckFindings {
  /** Errors in files that are not exempt from keeping the site from production. */
  readonly blocking: number;
}

/** Limits the record of a check: a hostile site can have a million errors. */
const MAX_FINDINGS = 1_000;
const MAX_MESSAGE = 1_000;

type Location = { readonly [Name in 'file' | 'line' | 'column']?: Finding[Name] | undefined };

/** Collects findings. Counts all and keeps the first 1,000. */
export class FindingLog {
  private readonly counts = { error: 0, warning: 0 };
  private readonly findings: Finding[] = [];
  private blockingCount = 0;

  /** @param isExempt true for files whose errors do not count as blocking */
  constructor(private readonly isExempt: (file: string) => boolean = () => false) {}

  /** Number of errors in files that are not exempt. */
  get blocking(): number {
    return this.blockingCount;
  }

  add(finding: Pick<Finding, 'severity' | 'rule' | 'message'> & Location): void {
    this.counts[finding.severity] += 1;
    const isExempt = finding.file !== undefined && finding.file !== null && this.isExempt(finding.file);
    if (finding.severity === 'error' && !isExempt) this.blockingCount += 1;
    if (this.findings.length >= MAX_FINDINGS) return;
    const { severity, rule, file = null, line = null, column = null } = finding;
    // PostgreSQL rejects NUL, and a terminal that prints the message must not interpret control characters.
    const message = finding.message.slice(0, MAX_MESSAGE).replace(/\p{Cc}+/gu, ' ');
    this.findings.push({ severity, rule, message, file, line, column });
  }

  /** Sorted by file, line and column. */
  result(): CheckFindings {
    const findings = this.findings.sort(
      (a, b) =>
        compare(a.file ?? '', b.file ?? '') || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    );
    return { errors: this.counts.error, warnings: this.counts.warning, findings };
  }
}

/** Compares by code units, so that the order does not depend on the machine's locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
