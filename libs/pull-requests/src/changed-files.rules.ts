import type { pullRequestJobs, ResultOf } from '@reunite/contracts';
import type { ChangedFile } from '@reunite/ghes-client';

type PullRequestFile = ResultOf<typeof pullRequestJobs.listPullRequestFiles>['files'][number];

/** Longer patches are of no use in a browser, and the result passes through the queue. */
const MAX_PATCH_LENGTH = 200_000;
const MAX_TOTAL_PATCH_LENGTH = 2_000_000;

const STATUSES: Readonly<Record<ChangedFile['status'], PullRequestFile['status']>> = {
  added: 'added',
  removed: 'removed',
  modified: 'modified',
  renamed: 'renamed',
  copied: 'copied',
  // Only the mode changed.
  changed: 'modified',
  unchanged: 'modified',
};

const EMPTY_BLOB = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

/** Converts the files of one page, and omits patches beyond the limits. */
export function changedFiles(page: readonly ChangedFile[]): PullRequestFile[] {
  let remaining = MAX_TOTAL_PATCH_LENGTH;
  return page.map(convert).map((file) => {
    remaining -= file.patch?.length ?? 0;
    return remaining >= 0 || file.patch === null ? file : { ...file, patch: null, patchMissing: 'too-large' };
  });
}

function convert(changed: ChangedFile): PullRequestFile {
  const { filename: path, previous_filename: previousPath = null, status, additions, deletions } = changed;
  const patch = changed.patch ?? null;
  const file = { path, previousPath, status: STATUSES[status], additions, deletions };
  if (patch === null) return { ...file, patch, patchMissing: reasonWithoutPatch(changed) };
  if (patch.length > MAX_PATCH_LENGTH) return { ...file, patch: null, patchMissing: 'too-large' };
  return { ...file, patch, patchMissing: null };
}

/** Servers omit patches without a reason, which follows from the other fields. */
function reasonWithoutPatch({
  status,
  additions,
  deletions,
  sha,
}: ChangedFile): NonNullable<PullRequestFile['patchMissing']> {
  if (additions + deletions > 0) return 'too-large';
  const mayBeIdentical = ['renamed', 'copied', 'changed', 'unchanged'].includes(status);
  return mayBeIdentical || sha === EMPTY_BLOB ? 'unchanged' : 'binary';
}
