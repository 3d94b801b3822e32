/** https://docs.github.com/en/enterprise-server@latest/rest/pulls/pulls#list-pull-requests-files */
const LISTED_AT_MOST = 3_000;

/** What a person should know who looks for a file that the server does not list; null: it lists all. */
export function unlistedFiles(changedFiles: number): string | null {
  if (changedFiles <= LISTED_AT_MOST) return null;
  const [listed, all] = [LISTED_AT_MOST, changedFiles].map((count) => count.toLocaleString('en'));
  return `The server lists the first ${listed} of the ${all} changed files. Compare the branches there to see the others.`;
}
