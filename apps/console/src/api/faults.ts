import { ProblemError } from './problem.error.js';

export interface Fault {
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

/** The faults of a refused form, each with the name of its field; none for any other error. */
export function faultsOf(error: Error | undefined): readonly Fault[] {
  if (!(error instanceof ProblemError)) return [];
  return error.faults.map((fault) => ({ path: fieldOf(fault.path), message: fault.message }));
}

/** What is wrong with `field` or a part of it (`branchPreviews` answers for `branchPreviews.patterns.0`). */
export function faultAt(faults: readonly Fault[], field: string): string | undefined {
  const messages = faults
    .filter((fault) => fault.path === field || fault.path.startsWith(`${field}.`))
    .map((fault) => fault.message);
  return messages.length === 0 ? undefined : messages.join(' ');
}
