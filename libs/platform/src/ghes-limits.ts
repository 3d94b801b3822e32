import type { z } from 'zod';
import { positiveInteger } from './config.js';

const MIB = 1024 ** 2;

/** Defaults of {@link ghesLimitSettings} that depend on what a service reads from servers. */
export interface GhesLimitDefaults {
  readonly requestSeconds: number;
  readonly listingSeconds: number;
  readonly listingPages: number;
  readonly listingItems: number;
  readonly pageBytes: number;
  readonly connectionBytes: number;
  readonly organizationBytes: number;
}

/** Limits of what a server may make a service read and wait for: times in seconds, sizes in bytes. */
export function ghesLimitSettings(defaults: GhesLimitDefaults) {
  return {
    GHES_REQUEST_TIMEOUT_SECONDS: positiveInteger
      .default(defaults.requestSeconds)
      .describe('Maximum duration of one request to a server, in seconds'),
    GHES_LISTING_TIMEOUT_SECONDS: positiveInteger
      .default(defaults.listingSeconds)
      .describe('Maximum duration of all requests of one listing, in seconds'),
    GHES_MAX_LISTING_PAGES: positiveInteger
      .default(defaults.listingPages)
      .describe('Maximum number of pages of one listing'),
    GHES_MAX_LISTING_ITEMS: positiveInteger
      .default(defaults.listingItems)
      .describe('Maximum number of items of one listing'),
    GHES_MAX_PAGE_BYTES: positiveInteger
      .default(defaults.pageBytes)
      .describe('Maximum size of one page of a listing, in bytes'),
    GHES_CONNECTION_BYTES: positiveInteger
      .default(defaults.connectionBytes)
      .describe('Maximum size of the API responses that are being read from one server, all together, in bytes'),
    GHES_ORGANIZATION_BYTES: positiveInteger
      .default(defaults.organizationBytes)
      .describe('Maximum size of the API responses that are being read from all servers of an organization, in bytes'),
    GHES_PROCESS_BYTES: positiveInteger
      .default(256 * MIB)
      .describe('Maximum size of the API responses that the process is reading, in bytes'),
  };
}

/** Limits of git responses, for a service that fetches content. */
export const gitLimitSettings = {
  MAX_PACK_BYTES: positiveInteger
    .default(1024 * MIB)
    .describe('Maximum size of the pack that one sync downloads, in bytes'),
  GIT_TIMEOUT_SECONDS: positiveInteger.default(600).describe('Maximum duration of one request of git, in seconds'),
  GIT_CONNECTION_BYTES: positiveInteger
    .default(1024 * MIB)
    .describe('Maximum size of the git responses that are being read from one server, all together, in bytes'),
  GIT_ORGANIZATION_BYTES: positiveInteger
    .default(1536 * MIB)
    .describe('Maximum size of the git responses that are being read from all servers of an organization, in bytes'),
  GIT_PROCESS_BYTES: positiveInteger
    .default(2048 * MIB)
    .describe('Maximum size of the git responses that the process is reading, in bytes'),
};

type GhesLimits = z.output<z.ZodObject<ReturnType<typeof ghesLimitSettings>>>;
type GitLimits = z.output<z.ZodObject<typeof gitLimitSettings>>;

/** Pairs of settings of which the first may not exceed the second: nothing could be read up to its own limit. */
const ORDER: readonly (readonly [keyof (GhesLimits & GitLimits), keyof (GhesLimits & GitLimits)])[] = [
  ['GHES_REQUEST_TIMEOUT_SECONDS', 'GHES_LISTING_TIMEOUT_SECONDS'],
  ['GHES_MAX_PAGE_BYTES', 'GHES_CONNECTION_BYTES'],
  ['GHES_CONNECTION_BYTES', 'GHES_ORGANIZATION_BYTES'],
  ['GHES_ORGANIZATION_BYTES', 'GHES_PROCESS_BYTES'],
  ['MAX_PACK_BYTES', 'GIT_CONNECTION_BYTES'],
  ['GIT_CONNECTION_BYTES', 'GIT_ORGANIZATION_BYTES'],
  ['GIT_ORGANIZATION_BYTES', 'GIT_PROCESS_BYTES'],
];

/** Reports limits that contradict each other. For `superRefine` of a schema with these settings. */
export function checkGhesLimits(
  config: GhesLimits & Partial<GitLimits>,
  context: Pick<z.core.$RefinementCtx, 'addIssue'>,
): void {
  for (const [lower, upper] of ORDER) {
    const [value, limit] = [config[lower], config[upper]];
    if (value === undefined || limit === undefined || value <= limit) continue;
    const message = `${value} is more than ${upper} (${limit}); raise that one too, or lower this one`;
    context.addIssue({ code: 'custom', path: [lower], message });
  }
}

/** The limits of one connection, as the client of its server takes them: times in milliseconds, sizes in bytes. */
export function ghesNetworkLimits(config: GhesLimits) {
  return {
    totalTimeoutMs: config.GHES_REQUEST_TIMEOUT_SECONDS * 1_000,
    listingTimeoutMs: config.GHES_LISTING_TIMEOUT_SECONDS * 1_000,
    maxListingPages: config.GHES_MAX_LISTING_PAGES,
    maxListingItems: config.GHES_MAX_LISTING_ITEMS,
    maxPageBytes: config.GHES_MAX_PAGE_BYTES,
    maxBytesInFlight: config.GHES_CONNECTION_BYTES,
  };
}

/** The same for git responses. */
export function gitNetworkLimits(config: GitLimits) {
  return {
    packTimeoutMs: config.GIT_TIMEOUT_SECONDS * 1_000,
    maxPackBytes: config.MAX_PACK_BYTES,
    maxPackBytesInFlight: config.GIT_CONNECTION_BYTES,
  };
}
