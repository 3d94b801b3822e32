/** Limits of one connection: times in milliseconds, sizes in bytes. */
export interface NetworkLimits {
  /** From dialling to the end of the TLS handshake. Default: 10 s. */
  readonly connectTimeoutMs: number;
  /** From the sent request to the complete headers of the response. Default: 30 s. */
  readonly headersTimeoutMs: number;
  /** Between two pieces of a body. Default: 30 s. */
  readonly bodyTimeoutMs: number;
  /** For a whole exchange, however slowly the body arrives. Default: 2 min. */
  readonly totalTimeoutMs: number;
  /** For a whole exchange with git. Default: 10 min. */
  readonly packTimeoutMs: number;
  /** Body of an app or a token. Default: 64 KiB. */
  readonly maxTokenBytes: number;
  /** Body that describes one thing, such as a pull request. Default: 1 MiB. */
  readonly maxObjectBytes: number;
  /** Body with one page of a listing: 100 pull requests with long descriptions have 7 MiB. Default: 8 MiB. */
  readonly maxPageBytes: number;
  /** Body with the content of files, such as a comparison. Default: 16 MiB. */
  readonly maxContentBytes: number;
  /** Body of git's list of refs, about 80 bytes each. Default: 16 MiB. */
  readonly maxRefsBytes: number;
  /** Body of a git response with a pack. Default: 512 MiB. */
  readonly maxPackBytes: number;
  /** Body of a response that is not a success; the rest is not read. Default: 64 KiB. */
  readonly maxErrorBytes: number;
  /** Bodies of API responses that are being read, all requests of the connection together. Default: 64 MiB. */
  readonly maxBytesInFlight: number;
  /** The same for git responses. Default: 1 GiB. */
  readonly maxPackBytesInFlight: number;
  /** Pages of one listing. Default: 300. */
  readonly maxListingPages: number;
  /** Items of one listing. Default: 30,000. */
  readonly maxListingItems: number;
  /** From the first to the last request of one listing. Default: 2 min. */
  readonly listingTimeoutMs: number;
  /** Concurrent requests of all clients of the connection; also the size of the keep-alive pool. Default: 16. */
  readonly maxConcurrentRequests: number;
  /** Attempts for a read, including the first. Default: 3. */
  readonly maxAttempts: number;
  /** Longest wait before the second attempt; doubles each time. Default: 250 ms. */
  readonly retryDelayMs: number;
  /** Age up to which a token that is answered 401 is tried again. Default: 5 s. */
  readonly newTokenMs: number;
}

/** Kind of a response, which limits its length. */
export type ResponseSize = 'token' | 'object' | 'page' | 'content' | 'refs' | 'pack';

const KIB = 1024;
const MIB = 1024 * KIB;

export const DEFAULT_NETWORK_LIMITS: NetworkLimits = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 30_000,
  totalTimeoutMs: 120_000,
  packTimeoutMs: 600_000,
  maxTokenBytes: 64 * KIB,
  maxObjectBytes: MIB,
  maxPageBytes: 8 * MIB,
  maxContentBytes: 16 * MIB,
  maxRefsBytes: 16 * MIB,
  maxPackBytes: 512 * MIB,
  maxErrorBytes: 64 * KIB,
  maxBytesInFlight: 64 * MIB,
  maxPackBytesInFlight: 1024 * MIB,
  maxListingPages: 300,
  maxListingItems: 30_000,
  listingTimeoutMs: 120_000,
  maxConcurrentRequests: 16,
  maxAttempts: 3,
  retryDelayMs: 250,
  newTokenMs: 5_000,
};

/** The limit for a response of this size, in bytes. */
export function maxBytesOf(size: ResponseSize, limits: NetworkLimits): number {
  switch (size) {
    case 'token':
      return limits.maxTokenBytes;
    case 'object':
      return limits.maxObjectBytes;
    case 'page':
      return limits.maxPageBytes;
    case 'content':
      return limits.maxContentBytes;
    case 'refs':
      return limits.maxRefsBytes;
    case 'pack':
      return limits.maxPackBytes;
  }
}
