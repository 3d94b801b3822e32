/** Nothing to look at twice: no leading dot, no short-name tilde, no separator, no stream, plain ASCII. */
const HARMLESS = /^[\w-][\w .-]*$/;
/** What HFS+ leaves out when it compares names, so that `.g\u200cit` is `.git` there. As `next_hfs_char` in git's utf8.c. */
const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
/** NTFS drops trailing dots and spaces, knows `.git` as `git~1` too, and reads `:` as the start of a stream. As `is_ntfs_dotgit`. */
const DOT_GIT = /^(?:\.git|git~1)[ .]*(?::|$)/i;

/**
 * Why a name cannot stand in a tree, or null when it can: what `git fsck` refuses, since a name like `../x` or `.git/hooks`
 * written to a disk is how content takes over a machine.
 */
export function refuseTreeName(name: string): string | null {
  if (name === '' || name === '.' || name === '..') return `the name ${JSON.stringify(name)} is not a file name`;
  if (HARMLESS.test(name)) return null;
  if (name.includes('/') || name.includes('\0')) return 'a name holds a slash or a NUL';
  const parts = name.replace(HFS_IGNORED, '').split('\\');
  return parts.some((part) => DOT_GIT.test(part)) ? `the name ${JSON.stringify(name)} stands for .git` : null;
}
