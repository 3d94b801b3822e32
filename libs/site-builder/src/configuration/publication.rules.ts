import { IgnoredFiles } from '../source/ignore.rules.js';
import { isRecord } from '../syntax/values.rules.js';

/** The checks that cannot keep a site from production, by `reunite` in `redocly.yaml`. */
export interface CheckExemptions {
  readonly links: boolean;
  readonly markdoc: boolean;
  readonly lint: boolean;
  /** True for a file whose lint errors are exempt. */
  readonly isLintExempt: (path: string) => boolean;
}

/**
 * Reads `ignoreLinkChecker`, `ignoreMarkdocErrors` and `ignoreLint`; the last one is `true`, or a mapping from globs to `true`.
 *
 * @see https://redocly.com/docs/realm/config/reunite
 */
export function checkExemptionsOf(values: Readonly<Record<string, unknown>>): CheckExemptions {
  const reunite = isRecord(values['reunite']) ? values['reunite'] : {};
  const { ignoreLinkChecker, ignoreMarkdocErrors, ignoreLint } = reunite;
  const files = new IgnoredFiles();
  if (isRecord(ignoreLint)) files.addGlobs(Object.keys(ignoreLint).filter((glob) => ignoreLint[glob] === true));
  return {
    links: ignoreLinkChecker === true,
    markdoc: ignoreMarkdocErrors === true,
    lint: ignoreLint === true,
    isLintExempt: (path) => ignoreLint === true || files.has(path),
  };
}
