/** What is known about a release of GitHub Enterprise Server. */
export interface ServerRelease {
  release: string;
  /** Whether its API is described in `@octokit/openapi`, so that our requests are checked against it. */
  described: boolean;
}

/** The releases that we work with, oldest first. A gate for a feature becomes a column here, never a comparison elsewhere. */
export const serverReleases: readonly ServerRelease[] = [
  { release: '3.12', described: false },
  { release: '3.13', described: false },
  { release: '3.14', described: false },
  { release: '3.15', described: false },
  { release: '3.16', described: false },
  { release: '3.17', described: true },
  { release: '3.18', described: true },
  { release: '3.19', described: true },
];

/** How a server's version stands to what we know. */
export type VersionSupport = 'supported' | 'too-old' | 'newer-than-known' | 'unknown';

/**
 * @param version - as `x-github-enterprise-version` or `GET /meta` give it: `3.17.2`, `enterprise-server@3.17.2`, `3.18.0.rc1`
 */
export function versionSupport(version: string | undefined): VersionSupport {
  const found = /(\d+)\.(\d+)/.exec(version ?? '');
  if (found === null) return 'unknown';
  const release = rank(found[0]);
  if (release < rank(serverReleases[0]?.release ?? '')) return 'too-old';
  return release > rank(serverReleases.at(-1)?.release ?? '') ? 'newer-than-known' : 'supported';
}

function rank(release: string): number {
  const [major = 0, minor = 0] = release.split('.').map(Number);
  return major * 1000 + minor;
}
