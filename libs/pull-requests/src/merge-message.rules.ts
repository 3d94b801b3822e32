/** What a repository says that a merge's message is made of; undefined where the server does not tell. */
export interface MessageSettings {
  readonly merge_commit_message?: string | undefined;
  readonly squash_merge_commit_title?: string | undefined;
  readonly squash_merge_commit_message?: string | undefined;
}

interface Merged {
  readonly title: string;
  readonly body?: string | null | undefined;
}

/** What a server writes below a merge's title by itself, which is its pull request's unless the repository says otherwise. */
export function mergeText({ merge_commit_message: made = 'PR_TITLE' }: MessageSettings, pull: Merged): string {
  return made === 'PR_TITLE' ? pull.title : textOf(made, pull);
}

/**
 * What a server writes below the title of a squash by itself: the messages of its commits, unless the repository says
 * otherwise
 * (https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/configuring-commit-squashing-for-pull-requests).
 */
export function squashText(settings: MessageSettings, pull: Merged, messages: readonly string[]): string {
  if (!isOfCommits(settings)) return textOf(settings.squash_merge_commit_message ?? '', pull);
  const [only = ''] = messages;
  // Of a single commit the headline becomes the title.
  const isTitled = messages.length === 1 && settings.squash_merge_commit_title !== 'PR_TITLE';
  return isTitled ? only.split('\n').slice(1).join('\n').trim() : messages.map((one) => `* ${one.trim()}`).join('\n\n');
}

/** Whether the commits have to be read for a squash. */
export function isOfCommits({ squash_merge_commit_message: made = 'COMMIT_MESSAGES' }: MessageSettings): boolean {
  return made === 'COMMIT_MESSAGES';
}

function textOf(made: string, { body }: Merged): string {
  return made === 'PR_BODY' ? (body ?? '') : '';
}
