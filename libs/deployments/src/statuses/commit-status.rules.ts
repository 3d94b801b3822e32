import { createHash } from 'node:crypto';
import { checkNames } from '@reunite/contracts';
import type { CheckName, CommitState } from '@reunite/contracts';

/** The checks that a commit gets a status for, each in a context of its own. */
export type StatusCheck = 'build' | 'preview' | CheckName;

/** A commit status of a project, before it is written to the outbox. */
export interface CommitStatus {
  readonly commit: string;
  readonly context: string;
  readonly state: CommitState;
  readonly description: string;
  readonly targetUrl: string | null;
}

/** GitHub stores this many characters of a description: https://docs.github.com/en/rest/commits/statuses */
const MAX_DESCRIPTION_LENGTH = 140;

/** Servers accept contexts up to 255 characters; the rest of it is left for the name of the check. */
const MAX_NAME_LENGTH = 220;

/**
 * Replaces the characters that servers reject in statuses: those beyond U+FFFF (422, "doesn't accept 4-byte Unicode"),
 * lone surrogates and control characters. Texts that differ stay different.
 */
export function acceptedText(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(
      /[\u{10000}-\u{10ffff}]/gu,
      (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`,
    )
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/**
 * The context of a status. It contains the project's name, so that projects on one repository do not overwrite each
 * other.
 */
export function statusContext(projectName: string, check: StatusCheck): string {
  return `${contextPrefix(projectName)}${check}`;
}

/** The beginning of all contexts of a project. */
export function contextPrefix(projectName: string): string {
  const name = acceptedText(projectName);
  if (name.length <= MAX_NAME_LENGTH) return `Reunite (${name}): `;
  const hash = createHash('sha256').update(projectName).digest('hex').slice(0, 8);
  return `Reunite (${name.slice(0, MAX_NAME_LENGTH - hash.length - 1)}~${hash}): `;
}

/**
 * Returns the required contexts of the bridge that no project of a repository reports on every commit, e.g. those of a
 * project that was renamed or deleted. Servers compare contexts without case.
 *
 * @param required contexts that a branch requires, of other services too
 */
export function unreportedContexts(required: readonly string[], projectNames: readonly string[]): string[] {
  const checks: readonly StatusCheck[] = ['build', 'preview', ...checkNames];
  const reported = new Set(
    projectNames.flatMap((name) => checks.map((check) => statusContext(name, check).toLowerCase())),
  );
  return required.filter((context) => /^reunite \(/i.test(context) && !reported.has(context.toLowerCase()));
}

/** Limits a description to what the server accepts and stores, so that equal statuses compare as equal. */
export function truncateDescription(text: string): string {
  const description = acceptedText(text);
  const characters = Array.from(description);
  if (characters.length <= MAX_DESCRIPTION_LENGTH) return description;
  return `${characters.slice(0, MAX_DESCRIPTION_LENGTH - 1).join('')}…`;
}
