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

/** The context of a status. It contains the project's name, so that projects on one repository do not overwrite each other. */
export function statusContext(projectName: string, check: StatusCheck): string {
  return `${contextPrefix(projectName)}${check}`;
}

/** The beginning of all contexts of a project. */
export function contextPrefix(projectName: string): string {
  return `Reunite (${projectName}): `;
}

/** Truncates a description to what the server stores, so that equal statuses compare as equal. */
export function truncateDescription(description: string): string {
  const characters = Array.from(description);
  if (characters.length <= MAX_DESCRIPTION_LENGTH) return description;
  return `${characters.slice(0, MAX_DESCRIPTION_LENGTH - 1).join('')}…`;
}
