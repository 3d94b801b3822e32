import { BuildFailedError } from './build-failed.error.js';
import type { BuildInput } from './site-builder.js';
import type { Failure, LogPlace, PageErrorDetails, Problem, SiteErrorDetails, WarningDetails } from './problem.js';

/** Limits the record of a build: a hostile site can have a million broken links. */
const MAX_WARNINGS = 1000;
/** Recorded errors of files. Further ones are counted only. */
const MAX_ERRORS = 1000;

/** Collects errors and warnings of a build and writes them to the build log. */
export class ProblemLog {
  private readonly log: BuildInput['log'];
  private readonly recorded: Problem[] = [];
  private first: Failure | undefined;
  private warnings = 0;
  private errors = 0;

  constructor(log: BuildInput['log']) {
    this.log = log;
  }

  get problems(): readonly Problem[] {
    return this.recorded;
  }

  /** True if further warnings are dropped. Callers can skip computing them. */
  get full(): boolean {
    return this.warnings > MAX_WARNINGS;
  }

  warn(warning: WarningDetails): void {
    this.warnings += 1;
    if (this.warnings <= MAX_WARNINGS) this.add(printable({ severity: 'warning', ...warning }));
    else if (this.warnings === MAX_WARNINGS + 1) {
      const message = `more than ${MAX_WARNINGS} warnings; further ones are not recorded`;
      this.add({ severity: 'warning', code: 'more-warnings', message });
    }
  }

  /** Records an error of one file. The build goes on without it. */
  fail(failure: PageErrorDetails): void {
    this.addFailure(failure);
  }

  /** Records an error that ends the build. */
  stop(failure: SiteErrorDetails): never {
    throw new BuildFailedError(this.addFailure(failure), this.recorded);
  }

  /**
   * Ends a build without a single page: an empty site would replace a good one.
   *
   * @throws BuildFailedError if files failed and no page was built
   */
  throwIfNothingBuilt(pages: number): void {
    if (this.first && pages === 0) throw new BuildFailedError(this.first, this.recorded);
  }

  /** @returns the first of all failures, which gives the build its code and message */
  private addFailure(failure: Omit<Failure, 'severity'>): Failure {
    const added: Failure = printable({ severity: 'error', ...failure });
    this.errors += 1;
    this.first ??= added;
    if (this.errors <= MAX_ERRORS) this.add(added);
    else if (this.errors === MAX_ERRORS + 1) {
      const message = `more than ${MAX_ERRORS} files have errors; further ones are not recorded`;
      this.add({ severity: 'warning', code: 'more-warnings', message });
    }
    return this.first;
  }

  private add(problem: Problem): void {
    this.recorded.push(problem);
    this.log(problem.severity, problem.message, placeOf(problem));
  }
}

/**
 * Removes control characters: PostgreSQL rejects NUL, and a terminal that prints the log must not interpret the others.
 */
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
