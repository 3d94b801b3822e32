import { GhesUnsupportedVersionError } from './errors/unsupported-version.error.js';

/** What not every supported release can do, and an operation of ours needs. */
export type Capability = 'filterDeliveriesByStatus' | 'moveRefFromExpected';

/** What is known about a release of GitHub Enterprise Server. */
export interface ServerRelease {
  release: string;
  /** Whether its API is described in `@octokit/openapi`, so that our requests are checked against it. */
  described: boolean;
  /** What came with it, by the difference of the descriptions, or of the published GraphQL schemas. */
  adds: readonly Capability[];
}

/** The releases that we work with, oldest first. A gate for a feature becomes an entry here, never a comparison elsewhere. */
export const serverReleases: readonly ServerRelease[] = [
  { release: '3.12', described: false, adds: [] },
  { release: '3.13', described: false, adds: [] },
  { release: '3.14', described: false, adds: ['moveRefFromExpected'] },
  { release: '3.15', described: false, adds: [] },
  { release: '3.16', described: false, adds: [] },
  { release: '3.17', described: true, adds: ['filterDeliveriesByStatus'] },
  { release: '3.18', described: true, adds: [] },
  { release: '3.19', described: true, adds: [] },
];

/** How a server's version stands to what we know. */
export type VersionSupport = 'supported' | 'too-old' | 'newer-than-known' | 'unknown';

/**
 * @param version - as `x-github-enterprise-version` or `GET /meta` give it: `3.17.2`, `enterprise-server@3.17.2`, `3.18.0.rc1`
 */
export function versionSupport(version: string | undefined): VersionSupport {
  const release = releaseRank(version);
  if (release === undefined) return 'unknown';
  if (release < rank(serverReleases[0]?.release ?? '')) return 'too-old';
  return release > rank(serverReleases.at(-1)?.release ?? '') ? 'newer-than-known' : 'supported';
}

/** What a server of this version can do. One that does not name its version is taken to be able to do everything: it will say if not. */
export function capabilities(version: string | undefined): ReadonlySet<Capability> {
  const release = releaseRank(version) ?? Infinity;
  return new Set(serverReleases.filter((known) => rank(known.release) <= release).flatMap(({ adds }) => adds));
}

/** @throws GhesUnsupportedVersionError that names the release which has it */
export function requireCapability(version: string | undefined, capability: Capability): void {
  if (!capabilities(version).has(capability)) throw missingCapability(version, capability);
}

/** For a server that says itself that it lacks something. */
export function missingCapability(version: string | undefined, capability: Capability): GhesUnsupportedVersionError {
  const since = serverReleases.find(({ adds }) => adds.includes(capability))?.release ?? 'a newer version';
  return new GhesUnsupportedVersionError(capability, version ?? 'unknown', since);
}

function releaseRank(version: string | undefined): number | undefined {
  const found = /(\d+)\.(\d+)/.exec(version ?? '');
  return found === null ? undefined : rank(found[0]);
}

function rank(release: string): number {
  const [major = 0, minor = 0] = release.split('.').map(Number);
  return major * 1000 + minor;
}
