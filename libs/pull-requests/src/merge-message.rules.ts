/** The repository's settings for merge messages; undefined if the server does not return them. */
export interface MessageSettings {
  readonly merge_commit_message?: string | undefined;
  readonly squash_merge_commit_title?: string | undefined;
  readonly squash_merge_commit_message?: string | undefined;
}

interface MergedPullRequest {
  readonly title: string;
  readonly body?: string | null | undefined;
}

/** Returns the body that the server writes for a merge commit: the pull request's title unless configured otherwise. */
export function mergeBody(
  { merge_commit_message: source = 'PR_TITLE' }: MessageSettings,
  pull: MergedPullRequest,
): string {
  return source === 'PR_TITLE' ? pull.title : configuredBody(source, pull);
}

/**
 * Returns the body that the server writes for a squash: the messages of its commits unless configured otherwise.
 *
 * @param messages the commits' messages; may be empty if {@link needsCommitMessages} is false
 * @see
 *   https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/configuring-commit-squashing-for-pull-requests
 */
export function squashBody(settings: MessageSettings, pull: MergedPullRequest, messages: readonly string[]): string {
  if (!needsCommitMessages(settings)) return configuredBody(settings.squash_merge_commit_message ?? '', pull);
  const [only = ''] = messages;
  // The headline of a single commit becomes the title.
  const isTitled = messages.length === 1 && settings.squash_merge_commit_title !== 'PR_TITLE';
  return isTitled ? only.split('\n').slice(1).join('\n').trim() : messages.map((one) => `* ${one.trim()}`).join('\n\n');
}

/** Returns whether the body of a squash consists of the commits' messages. */
export function needsCommitMessages({
  squash_merge_commit_message: source = 'COMMIT_MESSAGES',
}: MessageSettings): boolean {
  return source === 'COMMIT_MESSAGES';
}

function configuredBody(source: string, { body }: MergedPullRequest): string {
  return source === 'PR_BODY' ? (body ?? '') : '';
}
