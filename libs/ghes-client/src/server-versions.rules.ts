import { GhesUnsupportedVersionError } from './errors/unsupported-version.error.js';

/** A feature that some supported releases lack and that an operation needs. */
export type Capability = 'filterDeliveriesByStatus' | 'moveRefFromExpected';

/** One release of GitHub Enterprise Server. */
export interface ServerRelease {
  readonly release: string;
  /**
   * Last day on which GitHub supports it; null if that was not published yet.
   *
   * @see https://docs.github.com/enterprise-server@latest/admin/all-releases
   */
  readonly supportEnds: string | null;
  /** New capabilities, from the differences of the API descriptions or the published GraphQL schemas. */
  readonly adds: readonly Capability[];
}

/** The supported releases, oldest first. The only place where versions are compared: a new capability gets an entry. */
export const serverReleases: readonly ServerRelease[] = [
  { release: '3.12', supportEnds: '2025-04-03', adds: [] },
  { release: '3.13', supportEnds: '2025-06-19', adds: [] },
  { release: '3.14', supportEnds: '2026-04-23', adds: ['moveRefFromExpected'] },
  { release: '3.15', supportEnds: '2026-04-23', adds: [] },
  { release: '3.16', supportEnds: '2026-06-25', adds: [] },
  { release: '3.17', supportEnds: '2026-08-25', adds: ['filterDeliveriesByStatus'] },
  { release: '3.18', supportEnds: '2026-10-14', adds: [] },
  { release: '3.19', supportEnds: '2026-12-09', adds: [] },
  { release: '3.20', supportEnds: '2027-03-17', adds: [] },
  { release: '3.21', supportEnds: '2027-06-11', adds: [] },
  { release: '3.22', supportEnds: null, adds: [] },
];

const VERSION = /^[\w.@+-]{1,60}$/;

/**
 * Reads a version from the header `x-github-enterprise-version` or from `GET /meta`. It is stored, shown and named in
 * messages, and the server may be anyone's.
 *
 * @returns null for any other text
 */
export function readVersion(text: unknown): string | null {
  return typeof text === 'string' && VERSION.test(text) ? text : null;
}

/** Whether a release is supported, by the bridge and by GitHub. */
export type ReleaseSupport = 'supported' | 'out-of-support' | 'too-old' | 'newer-than-known' | 'unknown';

/**
 * Compares a version with the releases that the bridge supports, and with the dates of GitHub's support.
 *
 * @param version from `x-github-enterprise-version` or `GET /meta`: `3.17.2`, `enterprise-server@3.17.2`, `3.18.0.rc1`
 * @returns `ends` is the last day of GitHub's support, null if it is not known
 */
export function supportOf(
  version: string | undefined,
  now: Date,
): { readonly support: ReleaseSupport; readonly ends: string | null } {
  const own = releaseRank(version);
  if (own === undefined) return { support: 'unknown', ends: null };
  const listed = serverReleases.find(({ release }) => rank(release) === own);
  if (!listed) {
    const isOld = own < rank(serverReleases[0]?.release ?? '');
    return { support: isOld ? 'too-old' : 'newer-than-known', ends: null };
  }
  const { supportEnds: ends } = listed;
  const isOver = ends !== null && ends < now.toISOString().slice(0, 10);
  return { support: isOver ? 'out-of-support' : 'supported', ends };
}

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
  return new GhesUnsupportedVersionError(capability, readVersion(version) ?? 'unknown', since);
}

function releaseRank(version: string | undefined): number | undefined {
  const [release] = /(?<!\d)\d{1,5}\.\d{1,5}/.exec(version ?? '') ?? [];
  return release === undefined ? undefined : rank(release);
}

function rank(release: string): number {
  const [major = 0, minor = 0] = release.split('.').map(Number);
  return major * 1000 + minor;
}
