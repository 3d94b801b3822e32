/** Versions of the REST API. Servers before 3.21 know the first one only. */
export const API_VERSIONS = ['2022-11-28', '2026-03-10'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

/** Properties that version 2026-03-10 removes: https://docs.github.com/rest/about-the-rest-api/breaking-changes */
const REMOVED: ReadonlySet<string> = new Set([
  'assignee',
  'has_downloads',
  'master_branch',
  'merge_commit_sha',
  'rate',
  'use_squash_pr_title_as_default',
]);

/** Converts an answer of version 2022-11-28 to version 2026-03-10. Submodules in listings of contents get their own type. */
export function inNewVersion(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inNewVersion);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !REMOVED.has(name));
  const converted = Object.fromEntries(members.map(([name, member]) => [name, inNewVersion(member)]));
  return 'submodule_git_url' in value ? { ...converted, type: 'submodule' } : converted;
}
