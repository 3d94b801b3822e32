/** https://docs.github.com/en/enterprise-server@latest/rest/pulls/pulls#list-pull-requests-files */
const LISTED_AT_MOST = 3_000;

/** A hint if the server does not list all changed files, else null. */
export function unlistedFiles(changedFiles: number): string | null {
  if (changedFiles <= LISTED_AT_MOST) return null;
  const [listed, all] = [LISTED_AT_MOST, changedFiles].map((count) => count.toLocaleString('en'));
  return `The server lists the first ${listed} of the ${all} changed files. Compare the branches on the server to see the others.`;
}
