import type { ConformanceRun } from './conformance-run.js';

const shownViolations = 20;
const titles = [
  'release',
  'description',
  'operations',
  'requests',
  'responses',
  'webhooks',
  'GraphQL documents',
  'violations',
];

/** Violations, failed areas and missing operations of a run, one line each. */
export function problemsOf({ release, report, failures, missing }: ConformanceRun): string[] {
  const violations = report.violations.map(({ kind, operation, status, example, messages }) =>
    [kind, operation, status, example, messages.join('; ')].filter((part) => part !== undefined).join(' · '),
  );
  const uncovered = missing.map((name) => `coverage · ${name} is an operation of the client that was not called`);
  const failed = failures.map((failure) => `scenario · ${failure}`);
  return [...failed, ...uncovered, ...violations].map((problem) => `${release} · ${problem}`);
}

/** A table of all runs, the first violations, and their number. */
export function summaryOf(runs: readonly ConformanceRun[]): string {
  const problems = runs.flatMap(problemsOf);
  const shown = problems.slice(0, shownViolations);
  const left = problems.length - shown.length;
  const more = left > 0 ? [`… and ${left} more`] : [];
  return [...tableOf([titles, ...runs.map(rowOf)]), '', ...shown, ...more, `${problems.length} violations`].join('\n');
}

function rowOf(run: ConformanceRun): string[] {
  const { description, requests, responses, webhooks, graphql } = run.report;
  const operations = `${run.called.length}/${run.called.length + run.missing.length}`;
  return [
    run.release,
    description,
    operations,
    ...[requests, responses, webhooks, graphql, problemsOf(run).length].map(String),
  ];
}

function tableOf(rows: readonly string[][]): string[] {
  const widths = titles.map((_title, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}
