import { createHash } from 'node:crypto';
import type { CheckName, CommitState, Finding } from '@reunite/contracts';
import { acceptedText, contextPrefix } from '../statuses/commit-status.rules.js';

/** The result of one check of a commit, as its commit status shows it. */
export interface CheckRunResult {
  readonly check: CheckName;
  readonly state: CommitState;
  readonly description: string;
}

/** The rows that the check run of a project on a commit follows from. */
export interface CheckRunSource {
  readonly projectName: string;
  /** The project's folder in the repository; empty for all of it. */
  readonly rootFolder: string;
  readonly results: readonly CheckRunResult[];
  /** Findings of these results, errors first; files are paths in the project's folder. At most {@link MAX_ANNOTATIONS}. */
  readonly findings: readonly Finding[];
  /** Whether there are more findings than `findings`. */
  readonly moreFindings: boolean;
}

/** A finding at its place in the repository. */
export interface CheckRunAnnotation {
  readonly path: string;
  readonly line: number;
  readonly column: number | null;
  readonly level: 'failure' | 'warning';
  readonly title: string;
  readonly message: string;
}

/** The check run that the server should show for a project on a commit. */
export interface DesiredCheckRun {
  readonly name: string;
  readonly conclusion: 'success' | 'failure' | 'neutral';
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  readonly annotations: readonly CheckRunAnnotation[];
}

/** Annotations of one check run. Servers accept 50 per request. */
export const MAX_ANNOTATIONS = 200;
const MAX_TITLE = 255;
const MAX_MESSAGE = 2_000;

/**
 * The check run that shows the findings of a commit where reviewers read the change. It is no replacement for the
 * statuses, which exist without the permission `checks: write` too.
 *
 * @returns null while a check runs: the statuses show that, and a check run that is never finished would be in progress
 *   for days
 */
export function desiredCheckRun(source: CheckRunSource): DesiredCheckRun | null {
  const { projectName, results, findings } = source;
  const name = `${contextPrefix(projectName)}findings`;
  const lines = results.map(
    ({ check, state, description }) => `- **${check}**: ${STATES[state]}, ${quoted(description)}`,
  );
  if (results.some(({ state }) => state === 'pending')) return null;
  const located = findings.filter(({ file }) => file !== null);
  const isPartial = source.moreFindings || located.length < findings.length;
  return {
    name,
    conclusion: conclusionOf(results),
    title: titleOf(results),
    summary: [
      ...lines,
      ...(isPartial ? ['', 'Not all findings are shown here. The details have all of them.'] : []),
    ].join('\n'),
    annotations: located.map((finding) => annotationOf(finding, source.rootFolder)),
  };
}

/** Identifies the content of a check run, to leave out updates that change nothing. */
export function checkRunHash(run: DesiredCheckRun): string {
  return createHash('sha256').update(JSON.stringify(run)).digest('hex');
}

const STATES: Readonly<Record<CommitState, string>> = {
  pending: 'in progress',
  success: 'successful',
  failure: 'failed',
  error: 'not finished',
};

function conclusionOf(results: readonly CheckRunResult[]): DesiredCheckRun['conclusion'] {
  if (results.some(({ state }) => state === 'failure')) return 'failure';
  return results.some(({ state }) => state === 'error') ? 'neutral' : 'success';
}

function titleOf(results: readonly CheckRunResult[]): string {
  const title = results.map(({ check, description }) => `${check}: ${description}`).join('; ');
  return shortened(title, MAX_TITLE);
}

function annotationOf(
  { severity, rule, message, file, line, column }: Finding,
  rootFolder: string,
): CheckRunAnnotation {
  return {
    path: rootFolder === '' ? (file ?? '') : `${rootFolder}/${file ?? ''}`,
    // A finding about a whole file is shown at its beginning.
    line: line ?? 1,
    column: line === null ? null : column,
    level: severity === 'error' ? 'failure' : 'warning',
    title: shortened(rule, MAX_TITLE),
    message: shortened(message, MAX_MESSAGE),
  };
}

function shortened(text: string, limit: number): string {
  const characters = Array.from(acceptedText(text));
  return characters.length <= limit ? characters.join('') : `${characters.slice(0, limit - 1).join('')}…`;
}

/** Descriptions are ours, except the reason of a failure: no character of it is Markdown. */
function quoted(description: string): string {
  return acceptedText(description).replace(/[\\`*_{}[\]()#+!|<>~@&-]/g, '\\$&');
}
