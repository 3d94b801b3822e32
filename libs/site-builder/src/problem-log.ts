import { BuildFailedError } from './build-failed.error.js';
import type { BuildInput } from './site-builder.js';
import type { Failure, LogPlace, Problem, Remark } from './problem.js';

/** A hostile site can have a million broken links; the record of its build stays readable. */
const maxWarnings = 1000;

/** Collects what is wrong with a site and says it in the build log as it is found. */
export class ProblemLog {
  readonly #log: BuildInput['log'];
  readonly #problems: Problem[] = [];
  #first: Failure | undefined;
  #warnings = 0;

  constructor(log: BuildInput['log']) {
    this.#log = log;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** No more warnings are taken; what would be costly to find out for them can be left out. */
  get full(): boolean {
    return this.#warnings > maxWarnings;
  }

  warn(warning: Remark): void {
    this.#warnings += 1;
    if (this.#warnings <= maxWarnings) this.#add(printable({ severity: 'warning', ...warning }));
    else if (this.#warnings === maxWarnings + 1) {
      const message = `more than ${maxWarnings} warnings; the rest is left out`;
      this.#add({ severity: 'warning', code: 'more-warnings', message });
    }
  }

  fail(failure: Omit<Failure, 'severity'>): void {
    this.#addFailure(failure);
  }

  /** For failures after which going on makes no sense. */
  stop(failure: Omit<Failure, 'severity'>): never {
    throw new BuildFailedError(this.#addFailure(failure), this.#problems);
  }

  /** @throws BuildFailedError if any page failed */
  throwIfFailed(): void {
    if (this.#first) throw new BuildFailedError(this.#first, this.#problems);
  }

  /** @returns the first of all failures: it names the build's */
  #addFailure(failure: Omit<Failure, 'severity'>): Failure {
    const added: Failure = printable({ severity: 'error', ...failure });
    this.#first ??= added;
    this.#add(added);
    return this.#first;
  }

  #add(problem: Problem): void {
    this.#problems.push(problem);
    this.#log(problem.severity, problem.message, placeOf(problem));
  }
}

/** PostgreSQL refuses NUL, and a terminal that shows the log should not be steered by what a parser quotes. */
function printable<Kind extends Problem>(problem: Kind): Kind {
  const { message, target } = problem;
  return {
    ...problem,
    message: withoutControls(message),
    ...(target !== undefined && { target: withoutControls(target) }),
  };
}

function withoutControls(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

function placeOf({ file, line }: Problem): LogPlace | undefined {
  if (file === undefined) return undefined;
  return line === undefined ? { file } : { file, line };
}
