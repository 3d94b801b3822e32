import type { CheckExemptions, Problem } from '@reunite/site-builder';
import { linkFindings } from './link-findings.js';

/**
 * Syntax errors. Unknown tags are none: Realm documents that Markdoc syntax errors keep a site from production, and a project may
 * define tags of its own.
 *
 * @see https://redocly.com/docs/realm/config/reunite
 */
const MARKDOC_CODES: ReadonlySet<Problem['code']> = new Set(['include-circular', 'include-missing', 'tag-unclosed']);

/**
 * Returns the reasons for which a built site is not published to production; empty if nothing keeps it.
 *
 * @param exempt the checks that `redocly.yaml` exempts
 * @param lintErrors in files that are not exempt
 */
export function publicationBlockers(
  problems: readonly Problem[],
  exempt: Pick<CheckExemptions, 'links' | 'markdoc'>,
  lintErrors: number,
): string[] {
  const markdoc = problems.filter(({ code }) => MARKDOC_CODES.has(code)).length;
  const links = linkFindings(problems.filter(({ code }) => !MARKDOC_CODES.has(code))).errors;
  const failed = new Set(problems.flatMap(({ severity, file }) => (severity === 'error' ? [file] : []))).size;
  return [
    ...(failed > 0 ? [`${counted(failed, 'file')} cannot be built`] : []),
    ...(links > 0 && !exempt.links ? [counted(links, 'broken link')] : []),
    ...(markdoc > 0 && !exempt.markdoc ? [counted(markdoc, 'Markdoc error')] : []),
    ...(lintErrors > 0 ? [counted(lintErrors, 'lint error')] : []),
  ];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
