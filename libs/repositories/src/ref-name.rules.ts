const BRANCH_PREFIX = 'refs/heads/';

/** `main` → `refs/heads/main`. */
export function branchRef(branch: string): string {
  return `${BRANCH_PREFIX}${branch}`;
}

/** `refs/heads/main` → `main`; null for tags and everything else. */
export function branchOfRef(ref: string): string | null {
  return ref.startsWith(BRANCH_PREFIX) ? ref.slice(BRANCH_PREFIX.length) : null;
}

/** The ref under which the server keeps a pull request's head, also one that comes from a fork. */
export function pullRequestRef(number: number): string {
  return `refs/pull/${number}/head`;
}
