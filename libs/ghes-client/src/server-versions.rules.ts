import { GhesUnsupportedVersionError } from './errors/unsupported-version.error.js';

/** A feature that some supported releases lack and that an operation needs. */
export type Capability = 'filterDeliveriesByStatus' | 'moveRefFromExpected';

/** One release of GitHub Enterprise Server. */
export interface ServerRelease {
  readonly release: string;
  /** Whether `@octokit/openapi` describes its API, so that requests are checked against it. */
  readonly described: boolean;
  /** New capabilities, from the differences of the API descriptions or the published GraphQL schemas. */
  readonly adds: readonly Capability[];
}

/** The supported releases, oldest first. The only place where versions are compared: a new capability gets an entry. */
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

/**
 * The capabilities of a version. An unknown version is assumed to have all: the server reports an error otherwise.
 *
 * @param version from `x-github-enterprise-version` or `GET /meta`: `3.17.2`, `enterprise-server@3.17.2`, `3.18.0.rc1`
 */
export function capabilities(version: string | undefined): ReadonlySet<Capability> {
  const limit = releaseRank(version) ?? Infinity;
  return new Set(serverReleases.filter(({ release }) => rank(release) <= limit).flatMap(({ adds }) => adds));
}

/** @throws GhesUnsupportedVersionError that names the first release with the capability */
export function requireCapability(version: string | undefined, capability: Capability): void {
  if (!capabilities(version).has(capability)) throw missingCapability(version, capability);
}

/** The error for a server that lacks a capability, also if only its response showed that. */
export function missingCapability(version: string | undefined, capability: Capability): GhesUnsupportedVersionError {
  const since = serverReleases.find(({ adds }) => adds.includes(capability))?.release ?? 'a newer version';
  return new GhesUnsupportedVersionError(capability, version ?? 'unknown', since);
}

function releaseRank(version: string | undefined): number | undefined {
  const [release] = /(?<!\d)\d{1,5}\.\d{1,5}/.exec(version ?? '') ?? [];
  return release === undefined ? undefined : rank(release);
}

function rank(release: string): number {
  const [major = 0, minor = 0] = release.split('.').map(Number);
  return major * 1000 + minor;
}
