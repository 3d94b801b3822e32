const BRANCH_PREFIX = 'refs/heads/';

/** GitHub rejects longer names of branches, in bytes. */
const MAX_BRANCH_BYTES = 255;

/** Characters that git forbids in names of refs, besides control characters. */
const FORBIDDEN = new Set([' ', '~', '^', ':', '?', '*', '[', '\\', '\x7f']);

/** `main` → `refs/heads/main`. */
export function branchRef(branch: string): string {
  return `${BRANCH_PREFIX}${branch}`;
}

/** `refs/heads/main` → `main`; null for tags, everything else, and names that no branch can have. */
export function branchOfRef(ref: string): string | null {
  if (!ref.startsWith(BRANCH_PREFIX)) return null;
  const branch = ref.slice(BRANCH_PREFIX.length);
  return isBranchName(branch) ? branch : null;
}

/**
 * Returns whether git allows a branch of this name: a delivery may name any text.
 *
 * @see https://git-scm.com/docs/git-check-ref-format
 */
export function isBranchName(name: string): boolean {
  if (name.length > MAX_BRANCH_BYTES || Buffer.byteLength(name) > MAX_BRANCH_BYTES) return false;
  if (name.endsWith('.') || name.includes('..') || name.includes('@{')) return false;
  if (Array.from(name).some((character) => character < ' ' || FORBIDDEN.has(character))) return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

/** The ref under which the server keeps a pull request's head, also one that comes from a fork. */
export function pullRequestRef(number: number): string {
  return `refs/pull/${number}/head`;
}
