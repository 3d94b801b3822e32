import { ProblemError } from './problem.error.js';

/** An invalid field of a form. */
export interface Violation {
  readonly path: string;
  readonly message: string;
}

/** `/server/url`, `body.serverUrl` and `serverUrl` name the same field. */
function fieldOf(path: string): string {
  return path
    .replace(/^\//, '')
    .replaceAll('/', '.')
    .replace(/^body\./, '');
}

/** The violations of a rejected form with the names of their fields; none for other errors. */
export function violationsOf(error: Error | undefined): readonly Violation[] {
  if (!(error instanceof ProblemError)) return [];
  return error.violations.map((violation) => ({ path: fieldOf(violation.path), message: violation.message }));
}

/** The messages for `field` and its parts: `branchPreviews` includes `branchPreviews.patterns.0`. */
export function violationAt(violations: readonly Violation[], field: string): string | undefined {
  const messages = violations
    .filter((violation) => violation.path === field || violation.path.startsWith(`${field}.`))
    .map((violation) => violation.message);
  return messages.length === 0 ? undefined : messages.join(' ');
}
