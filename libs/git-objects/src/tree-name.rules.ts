/** Names that need no further checks: ASCII without a leading dot, tilde, separator or colon. */
const HARMLESS = /^[\w-][\w .-]*$/;
/** Characters that HFS+ ignores in names, so that `.g\u200cit` is `.git` there. See `next_hfs_char` in git's utf8.c. */
const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
/**
 * NTFS drops trailing dots and spaces, has `git~1` as a short name, and starts a stream at `:`. See `is_ntfs_dotgit`.
 */
const DOT_GIT = /^(?:\.git|git~1)[ .]*(?::|$)/i;

/**
 * Applies the name checks of `git fsck`: a name like `../x` or `.git/hooks`, written to a disk, executes code.
 *
 * @returns why the name is invalid in a tree, or null if it is valid
 */
export function treeNameViolation(name: string): string | null {
  if (name === '' || name === '.' || name === '..') return `the name ${JSON.stringify(name)} is not a file name`;
  if (HARMLESS.test(name)) return null;
  if (name.includes('/') || name.includes('\0')) return 'a name contains a slash or a NUL';
  const parts = name.replace(HFS_IGNORED, '').split('\\');
  return parts.some((part) => DOT_GIT.test(part)) ? `the name ${JSON.stringify(name)} is equivalent to .git` : null;
}
